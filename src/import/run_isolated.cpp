#ifndef __EMSCRIPTEN__

#include "import/run_isolated.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <string>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace handful::importers {
namespace {

constexpr uint8_t kGood = 1;
constexpr uint8_t kFailed = 0;

void WriteAll(int pipe, std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(pipe, bytes.data(), bytes.size());
    if (written <= 0 && errno != EINTR) return;
    if (written > 0) bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

std::vector<uint8_t> ReadAll(int pipe) {
  std::vector<uint8_t> bytes;
  uint8_t block[65536];
  for (;;) {
    const ssize_t count = read(pipe, block, sizeof block);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return bytes;
    bytes.insert(bytes.end(), block, block + count);
  }
}

[[noreturn]] void BeTheChild(int pipe, const std::function<Result<std::vector<uint8_t>>()>& work,
                             unsigned max_seconds) {
  // It dies quietly: no core file, no message of a sanitizer or of the C library.
  const rlimit no_core = {0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDERR_FILENO);
  for (const int signal_number : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGALRM}) signal(signal_number, SIG_DFL);
  alarm(max_seconds);
  const Result<std::vector<uint8_t>> result = work();
  const std::string& message = result.status().message();
  const uint8_t verdict = result.ok() ? kGood : kFailed;
  WriteAll(pipe, {&verdict, 1});
  WriteAll(pipe, result.ok() ? std::span<const uint8_t>(*result)
                             : std::span(reinterpret_cast<const uint8_t*>(message.data()), message.size()));
  _exit(0);
}

}  // namespace

Result<std::vector<uint8_t>> RunIsolated(const std::function<Result<std::vector<uint8_t>>()>& work,
                                         unsigned max_seconds) {
  int pipes[2];
  if (pipe2(pipes, O_CLOEXEC) != 0) return Errorf("no pipe is to be had: %s", std::strerror(errno));
  const pid_t child = fork();
  if (child == 0) {
    close(pipes[0]);
    BeTheChild(pipes[1], work, max_seconds);
  }
  close(pipes[1]);
  if (child < 0) {
    close(pipes[0]);
    return Errorf("no process is to be had: %s", std::strerror(errno));
  }
  std::vector<uint8_t> answer = ReadAll(pipes[0]);
  close(pipes[0]);
  int state = 0;
  while (waitpid(child, &state, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(state) || WEXITSTATUS(state) != 0 || answer.empty()) {
    return WIFSIGNALED(state) && WTERMSIG(state) == SIGALRM
               ? Errorf("reading it took more than %u seconds", max_seconds)
               : Errorf("reading it failed half-way");
  }
  const uint8_t verdict = answer[0];
  answer.erase(answer.begin());
  if (verdict == kGood) return answer;
  return Status::Error(std::string(answer.begin(), answer.end()));
}

}  // namespace handful::importers

#endif
