#include "ui/frame/models.h"

namespace handful::ui {
namespace {

Notify NotifyOf(Notices& notices) {
  return [&notices](NoticeKind kind, std::string text) { notices.Add(kind, std::move(text)); };
}

}  // namespace

Models::Models(Host& host)
    : projects(host, NotifyOf(notices)),
      teach(host, engine, NotifyOf(notices)),
      train(host, engine),
      trying(host, engine, NotifyOf(notices)),
      hood(host) {}

void Models::Apply(schema::EventEnvelope event) {
  engine.Apply(event.message);  // first: the others look there
  projects.Apply(event.message);
  teach.Apply(event);
  if (std::holds_alternative<schema::ProjectChanged>(event.message)) {
    notices.SetUndo(projects.history.undo());
    if (std::string deleted = teach.TakeDeleted(); !deleted.empty())
      notices.OfferUndo(std::move(deleted), projects.history.undo());
  } else if (std::holds_alternative<schema::ProjectOpened>(event.message)) {
    notices.SetUndo("");
  }
  train.Apply(event.message);
  if (const std::optional<size_t> next = train.backbones.TakeInstead()) {
    const Backbones::Shipped& shipped = train.backbones.shipped()[*next];
    notices.Add(NoticeKind::kInfo, "Going on with the backbone “" + shipped.name + "” instead.");
    Open(shipped.head);
  }
  hood.Apply(event);
  trying.Apply(event);
  // What nobody shows beside what he asked for is said here.
  const auto* failed = std::get_if<schema::Failed>(&event.message);
  if (failed == nullptr || failed->command == schema::Classify::kType) return;
  if (projects.Owns(failed->id) || teach.Owns(failed->id) || train.Owns(failed->id) || hood.Owns(failed->id)) return;
  notices.Add(NoticeKind::kError, SentenceOf(*failed));
}

void Models::EngineStopped(const std::string& sentence) {
  engine.Stopped();
  teach.EngineStopped();
  train.EngineStopped();
  hood.EngineStopped();
  trying.EngineStopped(sentence);
  notices.Add(NoticeKind::kError, sentence);
}

void Models::Open(const FileRef& shipped_head) {
  if (shipped_head.id != 0) trying.model.Open({shipped_head}, /*shipped=*/true);
}

void Models::Offer(std::vector<Backbones::Shipped> shipped) {
  if (shipped.empty()) train.settings.SetNetwork(schema::Network::kCnn);  // what can be trained without one
  const FileRef head = shipped.empty() ? FileRef{} : shipped[0].head;
  train.backbones.Offer(std::move(shipped));
  Open(head);
}

}  // namespace handful::ui
