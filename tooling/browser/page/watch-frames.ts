import type { Watched } from "./page-program.js";

/** Does some work, and looks meanwhile at the frames and long tasks of this page. */
export async function watchFrames<Result>(work: () => Promise<Result>): Promise<[Result, Watched]> {
  const longTasks: number[] = [];
  const note = (entries: PerformanceEntryList): void => void longTasks.push(...entries.map(({ duration }) => duration));
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  let [frames, longestGap, last] = [0, 0, await frame()];
  let watching = true;
  const watch = async (): Promise<void> => {
    while (watching) {
      const now = await frame();
      longestGap = Math.max(longestGap, now - last);
      last = now;
      frames++;
    }
  };
  observer.observe({ entryTypes: ["longtask"] });
  const watched = watch();
  try {
    const result = await work();
    watching = false;
    await watched;
    await frame(); // a task is reported after it has ended
    note(observer.takeRecords());
    return [result, { longTasks, longestGap, frames }];
  } finally {
    watching = false;
    observer.disconnect();
  }
}

const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
