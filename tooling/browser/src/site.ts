import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser, CDPSession, Page } from "playwright-core";
import type { ChosenArray, Encoded, OpenRequest, Watched } from "../page/page-program.js";
import { buildPage } from "./build-page.js";
import { launchChromium } from "./chromium.js";
import { type ServerOptions, type StaticServer, startServer } from "./start-server.js";

/** The built page and a browser to visit it with. */
export interface Site {
  /** What Vite said while it built the page. */
  readonly said: string;
  /** Opens the page in a browser's profile of its own, from a server that sends these headers. */
  visit(headers?: Readonly<Record<string, string>>): Promise<Visit>;
  /** Ends the browser and deletes the build. */
  close(): Promise<void>;
}

/** Builds the page, and starts Chromium. The page's server has a model's folder too. */
export async function openSite(model: string): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "bertkit-page-"));
  try {
    const said = await buildPage(folder);
    const browser = await launchChromium();
    return {
      said,
      visit: (headers) => visit(browser, { folders: { "/": folder, "/model/": model }, headers }),
      async close() {
        await browser.close();
        await rm(folder, { recursive: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true });
    throw error;
  }
}

async function visit(browser: Browser, options: ServerOptions): Promise<Visit> {
  const page = await browser.newPage();
  const session = await browser.newBrowserCDPSession();
  // Last, because a browser that dies before would leave it running.
  const server = await startServer(options);
  const visited = new Visit(page, server, session);
  try {
    await page.goto(`${server.address}/`);
    return visited;
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** An open page. One encoder is open in it at a time. */
export class Visit {
  readonly #page: Page;
  readonly #server: StaticServer;
  readonly #session: CDPSession;
  /** Errors that nothing in the page has caught. */
  readonly errors: string[] = [];

  constructor(page: Page, server: StaticServer, session: CDPSession) {
    this.#page = page;
    this.#server = server;
    this.#session = session;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** Opens an encoder of the model's folder; its device. */
  open(request: Omit<OpenRequest, "model">): Promise<string> {
    const model = `${this.#server.address}/model`;
    return this.#page.evaluate((whole) => program.open(whole), { ...request, model });
  }

  encode(texts: readonly string[]): Promise<Encoded> {
    return this.#page.evaluate((some) => program.encode(some), texts);
  }

  hold(milliseconds: number): Promise<Watched> {
    return this.#page.evaluate((duration) => program.hold(duration), milliseconds);
  }

  /** Chooses files, by their paths, in the page's input, and reads an array of the checkpoint that they are. */
  async readChosen(paths: readonly string[], name: string): Promise<ChosenArray> {
    await this.#page.setInputFiles("#files", [...paths]);
    return this.#page.evaluate((array) => program.readChosen(array), name);
  }

  /** How many Workers the page has, those that its Workers have started included. */
  async workers(): Promise<number> {
    // The browser's own list: playwright's `page.workers()` can go on naming a Worker that ended with its parent.
    const { targetInfos } = await this.#session.send("Target.getTargets");
    const own = new RegExp(`^(blob:)?${this.#server.address}/`);
    return targetInfos.filter(({ type, url }) => type === "worker" && own.test(url)).length;
  }

  /** Disposes of the encoder; how many Workers are left once they have had time to end. */
  async closeEncoder(): Promise<number> {
    await this.#page.evaluate(() => program.close());
    const end = performance.now() + mostMilliseconds;
    while ((await this.workers()) > 0 && performance.now() < end) await setTimeout(20);
    return this.workers();
  }

  async leave(): Promise<void> {
    await this.#server.close();
    await this.#session.detach();
    await this.#page.close();
  }
}

/** A Worker that is still there after so long is not about to end. */
const mostMilliseconds = 10_000;
