import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isolation, type StaticServer, startServer } from "./start-server.js";

describe("a server of folders", () => {
  let folder = "";
  let server: StaticServer;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "bertkit-server-"));
    await mkdir(join(folder, "page"));
    await mkdir(join(folder, "files"));
    await writeFile(join(folder, "page/index.html"), "<!doctype html>");
    await writeFile(join(folder, "files/digits.bin"), "0123456789");
    await writeFile(join(folder, "files/empty.json"), "");
    await writeFile(join(folder, "secret"), "not to be served");
    const folders = { "/": join(folder, "page"), "/files/": join(folder, "files") };
    server = await startServer({ folders, headers: isolation });
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true });
  });

  const get = (path: string, range?: string) =>
    fetch(`${server.address}${path}`, { headers: range === undefined ? {} : { range } });

  test("gives whole files, with the headers of an isolated page", async () => {
    const page = await get("/");
    expect(await page.text()).toBe("<!doctype html>");
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("cross-origin-opener-policy")).toBe("same-origin");
    expect(page.headers.get("cross-origin-embedder-policy")).toBe("require-corp");
    expect(await (await get("/files/empty.json")).text()).toBe("");
  });

  test.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=8-", "89", "bytes 8-9/10"],
    ["bytes=5-99", "56789", "bytes 5-9/10"],
  ])("gives the range %s", async (range, text, contentRange) => {
    const answer = await get("/files/digits.bin", range);
    expect(answer.status).toBe(206);
    expect(answer.headers.get("content-range")).toBe(contentRange);
    expect(await answer.text()).toBe(text);
  });

  test("refuses a range past the end", async () => {
    const answer = await get("/files/digits.bin", "bytes=10-12");
    expect([answer.status, answer.headers.get("content-range")]).toEqual([416, "bytes */10"]);
  });

  test.each(["/none", "/files", "/../secret", "/files/..%2f..%2fsecret"])("has nothing at %s", async (path) => {
    // fetch would resolve each ".." itself.
    const status = await new Promise((resolve, reject) => {
      request(server.address, { path }, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end();
    });
    expect(status).toBe(404);
  });
});
