// How long the tasks of a page's main thread take.

/**
 * @template T
 * @param {import('playwright-core').Page} page
 * @param {() => Promise<T>} action
 * @returns {Promise<{result: T, tasks: number[]}>} milliseconds of thread time, one number a task, while `action` ran
 */
export async function mainThreadTasks(page, action) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  let buffer;
  let result;
  try {
    result = await action();
  } finally {
    buffer = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(buffer.toString());
  const key = ({ pid, tid }) => `${pid}/${tid}`;
  const mainThreads = new Set(traceEvents.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(key));
  const tasks = traceEvents.filter((event) => mainThreads.has(key(event)) && event.ph === 'X' &&
    /^(RunTask|ThreadControllerImpl::RunTask)$/.test(event.name));
  return { result, tasks: tasks.map(({ tdur = 0 }) => tdur / 1000) };
}
