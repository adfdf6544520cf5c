import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { Encoded, OpenRequest, Watched } from "../page/page-program.js";
import { buildPage } from "./build-page.js";
import { launchChromium } from "./chromium.js";
import { type StaticServer, startServer } from "./start-server.js";

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

async function visit(browser: Browser, options: Parameters<typeof startServer>[0]): Promise<Visit> {
  const server = await startServer(options);
  const page = await browser.newPage();
  const visited = new Visit(page, server);
  await page.goto(`${server.address}/`);
  return visited;
}

/** An open page. One encoder is open in it at a time. */
export class Visit {
  readonly #page: Page;
  readonly #server: StaticServer;
  /** Errors that nothing in the page has caught. */
  readonly errors: string[] = [];

  constructor(page: Page, server: StaticServer) {
    this.#page = page;
    this.#server = server;
    page.on("pageerror", (error) => this.errors.push(error.message));
  }

  /** How many Workers there are, those that Workers have started too. */
  get workers(): number {
    return this.#page.workers().length;
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

  /** Disposes of the encoder, and waits until no Worker is left; fails after five seconds. */
  async closeEncoder(): Promise<void> {
    await this.#page.evaluate(() => program.close());
    while (this.workers > 0) await this.#page.workers()[0]?.waitForEvent("close", { timeout: 5000 });
  }

  async leave(): Promise<void> {
    await this.#page.close();
    await this.#server.close();
  }
}
