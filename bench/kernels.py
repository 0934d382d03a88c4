"""Times Jupyter kernels beside one another: how soon the first cell answers, what an idle kernel holds,
completion, and a loop at the top of a cell beside the same in a function. See README.md.

Standard input: {"rounds": n, "kernels": {name: {"argv": [...], "language": "typescript" or "python"}},
                 "lab": command that starts JupyterLab, or null}
Standard output, as JSON: {name: {measure: [values of all rounds]}}; seconds, and bytes
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

import psutil
from jupyter_client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

WAIT = 120  # seconds for any one answer

LOOP = {
    "typescript": "let sum = 0; for (let i = 0; i < 3e7; i++) { sum += i % 7 } sum",
    "python": "total = 0\nfor i in range(30_000_000): total += i % 7\ntotal",
}
FUNCTION = {
    "typescript": "function rounds() { let sum = 0; for (let i = 0; i < 3e7; i++) { sum += i % 7 } return sum }\nrounds()",
    "python": "def rounds():\n    total = 0\n    for i in range(30_000_000): total += i % 7\n    return total\nrounds()",
}
NAMES = {
    "typescript": "const people = [{ name: 'Ada', born: 1815 }]; const word = 'star'; const when = new Date(0);",
    "python": "import datetime, math\npeople = [{'name': 'Ada', 'born': 1815}]; word = 'star'; when = datetime.date(1970, 1, 1)",
}
COMPLETE = {
    "typescript": [
        "people.",
        "people[0].",
        "word.",
        "word.to",
        "when.get",
        "Math.",
        "peo",
        "JSON.",
        "Object.",
        "wo",
    ],
    "python": [
        "people.",
        "people[0].",
        "word.",
        "word.is",
        "when.is",
        "math.",
        "peo",
        "datetime.",
        "dict.",
        "wo",
    ],
}


def execute(client, code):
    """Runs a cell; seconds until its value has come."""
    began = time.perf_counter()
    sent = client.execute(code)
    seconds = None
    while True:
        message = client.get_iopub_msg(timeout=WAIT)
        if message["parent_header"].get("msg_id") != sent:
            continue
        if message["msg_type"] == "error":
            raise RuntimeError("\n".join(message["content"]["traceback"]))
        if message["msg_type"] in ("execute_result", "stream"):
            seconds = time.perf_counter() - began
        if message["content"].get("execution_state") == "idle":
            return seconds if seconds is not None else time.perf_counter() - began


def held(process):
    """Resident and proportional bytes of a process and its children."""
    processes = [process, *process.children(recursive=True)]
    infos = [each.memory_full_info() for each in processes]
    return sum(info.rss for info in infos), sum(info.pss for info in infos)


def measure(name, language):
    found = {}
    began = time.perf_counter()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager, client = start_new_kernel(kernel_name=name, startup_timeout=WAIT, **quiet)
    try:
        execute(client, "1 + 1")
        found["first cell"] = time.perf_counter() - began
        time.sleep(2)
        process = psutil.Process(manager.provisioner.process.pid)
        found["resident"], found["proportional"] = held(process)
        execute(client, NAMES[language])
        latencies = []
        for _ in range(3):
            for code in COMPLETE[language]:
                asked = time.perf_counter()
                client.complete(code, len(code), reply=True, timeout=WAIT)
                latencies.append(time.perf_counter() - asked)
        found["completion"] = latencies
        found["next cell"] = execute(client, "2 + 2")
        found["loop"] = execute(client, LOOP[language])
        found["function"] = execute(client, FUNCTION[language])
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return found


def lab(command):
    """Seconds from `npm start` until JupyterLab answers, and until a first cell of a new kernel has."""
    port, token = 18765, "bench"
    with tempfile.TemporaryDirectory() as folder:
        options = [
            f"--port={port}",
            "--ServerApp.port_retries=0",
            f"--IdentityProvider.token={token}",
        ]
        began = time.perf_counter()
        child = subprocess.Popen(
            [*command, "--no-browser", *options, f"--ServerApp.root_dir={folder}"],
            env={**os.environ, "JUPYTER_RUNTIME_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}

        def ask(path, body=None):
            data = None if body is None else json.dumps(body).encode()
            request = urllib.request.Request(f"http://127.0.0.1:{port}/api/{path}", data, headers)
            return json.load(urllib.request.urlopen(request, timeout=WAIT))

        try:
            while True:
                try:
                    runtime = ask("status") and psutil.Process(child.pid)
                    break
                except OSError:
                    if child.poll() is not None or time.perf_counter() - began > WAIT:
                        raise RuntimeError("JupyterLab did not start.")
                    time.sleep(0.05)
            answers = time.perf_counter() - began
            kernel = ask("kernels", {"name": "tslab"})["id"]
            places = {
                each.environ().get("JUPYTER_RUNTIME_DIR")
                for each in runtime.children(recursive=True)
            }
            files = [os.path.join(place, f"kernel-{kernel}.json") for place in places if place]
            client = BlockingKernelClient(
                connection_file=next(file for file in files if os.path.exists(file))
            )
            client.load_connection_file()
            client.start_channels(hb=False)  # a kernel that reads its libraries may miss a beat
            client.wait_for_ready(timeout=WAIT)
            execute(client, "1 + 1")
            first = time.perf_counter() - began
            client.stop_channels()
            return {"JupyterLab answers": answers, "first cell": first}
        finally:
            os.killpg(child.pid, 2)
            child.wait(30)


def main():
    job = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        for name, kernel in job["kernels"].items():
            place = os.path.join(folder, "kernels", name)
            os.makedirs(place)
            spec = {"argv": kernel["argv"], "display_name": name, "language": kernel["language"]}
            with open(os.path.join(place, "kernel.json"), "w") as file:
                json.dump(spec, file)
        os.environ.update(JUPYTER_PATH=folder, JUPYTER_RUNTIME_DIR=folder, JUPYTER_DATA_DIR=folder)
        found = {name: {} for name in [*job["kernels"], "npm start"]}

        def note(name, values):
            for what, value in values.items():
                found[name].setdefault(what, []).extend(
                    value if isinstance(value, list) else [value]
                )

        # They take turns, so that a change of the machine's speed hits all.
        for turn in range(job["rounds"]):
            for name, kernel in job["kernels"].items():
                print(f"round {turn + 1}: {name}", file=sys.stderr)
                note(name, measure(name, kernel["language"]))
            if job["lab"]:
                print(f"round {turn + 1}: npm start", file=sys.stderr)
                note("npm start", lab(job["lab"]))
    json.dump(found, sys.stdout)


main()
