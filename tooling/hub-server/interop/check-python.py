"""Checks that @bertkit/hub and Python's huggingface_hub use what the other has put into one cache.

    pip install huggingface_hub
    pnpm --filter @bertkit/hub... build
    python tooling/hub-server/interop/check-python.py

Prints a line for each thing that holds, and fails at the first that does not. Needs no network and no data.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

here = Path(__file__).resolve().parent
repository = here.parent.parent.parent
name = "ns/small"
node_program = """
const hub = await import(process.argv[1]);
const { call, options } = JSON.parse(process.argv[2]);
const select = async (repo) => {
  await repo.readText("config.json");
  await repo.has("no-such-file.json");
  return ["config.json", "1_Pooling/config.json", "model.safetensors"];
};
const calls = {
  fetch: async () => (await hub.fetchModel("ns/small", { ...options, select })).folder,
  verify: async () => (await hub.verifyCachedModel("ns/small", options)).map(({ state }) => state),
  list: async () => hub.listCachedModels(options),
  remove: async () => hub.removeCachedModel("ns/small", options),
};
console.log(JSON.stringify(await calls[call]()));
"""


def ours(call, **options):
    """What our package gives for a call, as a process of its own."""
    built = (repository / "packages/hub/dist/index.js").as_uri()
    arguments = json.dumps({"call": call, "options": options})
    command = ["node", "--input-type=module", "-e", node_program, built, arguments]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def holds(claim, truth):
    if not truth:
        sys.exit(f"not so: {claim}")
    print(f"ok: {claim}")


class Server:
    """The local hub, with a count of the requests that it has answered."""

    def __init__(self, folder):
        self.log = tempfile.TemporaryFile("w+")
        command = ["node", str(here.parent / "bin/hub-server.js"), "--log", f"{name}={folder}"]
        self.process = subprocess.Popen(command, stderr=self.log)
        while "HF_ENDPOINT=" not in self.text():
            if self.process.poll() is not None:
                sys.exit(f"the server did not start: {self.text()}")
            time.sleep(0.1)
        self.url = self.text().split("HF_ENDPOINT=")[1].split("\n")[0]

    def text(self):
        return os.pread(self.log.fileno(), 10**7, 0).decode()

    def settled(self):
        """The log once it is quiet: a request stands in it when its answer has ended, which may be a moment later."""
        before = None
        while before != (now := self.text()):
            before = now
            time.sleep(0.3)
        return now

    def requests(self):
        return self.settled().count("\n") - 2


def write_model(folder):
    files = {
        ".gitattributes": b"*.safetensors filter=lfs",
        "config.json": b"{}",
        "1_Pooling/config.json": b'{"pooling_mode": "mean"}',
        "model.safetensors": random.Random(1).randbytes(3_000_000),
    }
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return files


def python_first(server, files, cache, whole):
    from huggingface_hub import hf_hub_download, snapshot_download
    from huggingface_hub.errors import EntryNotFoundError

    if whole:
        snapshot_download(name, cache_dir=cache)
    else:
        for path in files:
            if path != ".gitattributes":
                hf_hub_download(name, path, cache_dir=cache)
        try:
            hf_hub_download(name, "no-such-file.json", cache_dir=cache)
        except EntryNotFoundError:
            pass
    before = server.requests()
    folder = Path(ours("fetch", endpoint=server.url, cacheFolder=cache))
    how = "snapshot_download" if whole else "hf_hub_download"
    holds(f"what {how} fetched is used without a request", server.requests() == before)
    holds("and its bytes are the model's", (folder / "model.safetensors").read_bytes() == files["model.safetensors"])
    holds("and verified", set(ours("verify", cacheFolder=cache)) == {"ok"})


def ours_first(server, files, cache):
    from huggingface_hub import _CACHED_NO_EXIST, hf_hub_download, scan_cache_dir, snapshot_download
    from huggingface_hub import try_to_load_from_cache

    ours("fetch", endpoint=server.url, cacheFolder=cache)
    for path in ["config.json", "1_Pooling/config.json", "model.safetensors"]:
        found = hf_hub_download(name, path, cache_dir=cache, local_files_only=True)
        holds(f"hf_hub_download finds {path}", Path(found).read_bytes() == files[path])
    folder = snapshot_download(name, cache_dir=cache, local_files_only=True)
    holds("snapshot_download finds the folder", (Path(folder) / "1_Pooling/config.json").is_file())
    absent = try_to_load_from_cache(name, "no-such-file.json", cache_dir=cache)
    holds("a file that is not there is known not to be", absent is _CACHED_NO_EXIST)
    before = server.settled().count("cdn  GET")
    hf_hub_download(name, "model.safetensors", cache_dir=cache)
    holds("hf_hub_download, online, fetches no bytes again", server.settled().count("cdn  GET") == before)
    found = scan_cache_dir(cache)
    holds("scan_cache_dir complains of nothing", found.warnings == [])
    [repo] = found.repos
    [listed] = ours("list", cacheFolder=cache)
    holds("both count the same bytes", repo.size_on_disk == listed["bytes"])
    holds("both know the revision", [set(one.refs) for one in repo.revisions] == [{"main"}])
    ours("remove", cacheFolder=cache)
    found = scan_cache_dir(cache)
    holds("after removal there is nothing, and no complaint", found.warnings == [] and not found.repos)


def main():
    with tempfile.TemporaryDirectory() as top:
        model = Path(top) / "model"
        files = write_model(model)
        server = Server(model)
        os.environ.update(HF_ENDPOINT=server.url, HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
        os.environ["HF_HOME"] = f"{top}/home"
        try:
            python_first(server, files, f"{top}/whole", whole=True)
            python_first(server, files, f"{top}/single", whole=False)
            ours_first(server, files, f"{top}/ours")
        finally:
            server.process.terminate()
    import huggingface_hub

    print(f"huggingface_hub {huggingface_hub.__version__} and @bertkit/hub share a cache")


main()
