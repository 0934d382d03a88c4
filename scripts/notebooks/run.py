"""Executes one notebook from top to bottom and tells, a JSON line each, what happens.

    run.py NOTEBOOK --output FILE [--timeout SECONDS] [--log FILE] [--times]

With --times a comment in each cell that took more than five seconds says how long it took.

Events: {"event": "notebook", "cells": n}
        {"event": "cell", "cell": i, "heading": text}          code cell i of n starts
        {"event": "output", "cell": i, "text": last line}      it printed or displayed something
        {"event": "done", "cell": i, "seconds": s}             it has ended
        {"event": "failed", "cell": i, "source": text, "error": text}
        {"event": "saved", "seconds": s}
The exit code is 1 where a cell failed; the output file is then left as it was.
"""

import argparse
import json
import os
import re
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.reader import NotJSONError
from nbformat.validator import ValidationError

# Seconds for the last outputs of a cell; nbclient would drop them without a word.
IOPUB_TIMEOUT = 60


def tell(event, **facts):
    print(json.dumps({"event": event, **facts}), flush=True)


class Runner(NotebookClient):
    """Tells what the cells print while they run."""

    current = None  # number of the running code cell

    def process_message(self, message, cell, cell_index):
        text = printed(message)
        if text:
            tell("output", cell=self.current, text=text)
        return super().process_message(message, cell, cell_index)


def printed(message):
    """The last line of what a message adds to a cell, as plain text."""
    content = message["content"]
    if message["msg_type"] == "stream":
        text = content["text"]
    elif message["msg_type"] in ("display_data", "update_display_data"):
        text = content["data"].get("text/plain", "")
    else:
        return ""
    return text.strip().split("\n")[-1].strip()


def execute(notebook, folder, timeout, log, seconds):
    """Runs the cells; what each has taken goes to `seconds`, by its id."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    number = {cell.id: i + 1 for i, cell in enumerate(cells)}
    heading = headings(notebook)
    started = {}
    tell("notebook", cells=len(cells))

    def on_start(cell, cell_index):
        if cell.id in number:
            client.current = number[cell.id]
            started[cell.id] = time.monotonic()
            tell("cell", cell=number[cell.id], heading=heading[cell.id])

    def on_executed(cell, cell_index, execute_reply):
        allowed = "raises-exception" in cell.metadata.get("tags", [])
        if allowed or execute_reply["content"]["status"] == "ok":
            seconds[cell.id] = time.monotonic() - started[cell.id]
            tell("done", cell=number[cell.id], seconds=seconds[cell.id])

    client = Runner(
        notebook,
        kernel_name="tslab",
        timeout=timeout,
        iopub_timeout=IOPUB_TIMEOUT,
        raise_on_iopub_timeout=True,
        startup_timeout=120,
        record_timing=False,
        resources={"metadata": {"path": folder}},
        on_cell_start=on_start,
        on_cell_executed=on_executed,
    )
    try:
        # What native code prints (TensorFlow on start-up) belongs to no cell.
        client.execute(stdout=log, stderr=log)
        return True
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        failed = cells[(client.current or 1) - 1]
        tell(
            "failed",
            cell=client.current,
            source=failed.source,
            error=explain(error, failed, timeout, log.name),
        )
        return False


def headings(notebook):
    """For each cell the heading that it stands under."""
    found, latest = {}, ""
    for cell in notebook.cells:
        titles = (
            re.findall(r"^#+ +(.+)$", cell.source, re.MULTILINE)
            if cell.cell_type == "markdown"
            else []
        )
        latest = re.sub(r"[*_`]", "", titles[-1]) if titles else latest
        found[cell.id] = latest
    return found


def explain(error, cell, timeout, log):
    if isinstance(error, CellTimeoutError) and "IOPub" in str(error):
        return f"The cell's last outputs did not arrive within {IOPUB_TIMEOUT} seconds: run it again when the machine is less busy."
    if isinstance(error, CellTimeoutError):
        return f"The cell did not end within {timeout} seconds."
    if isinstance(error, DeadKernelError):
        return f"The kernel died, often for lack of memory. What it said last: {log}"
    outputs = [output for output in cell.outputs if output.output_type == "error"]
    return "\n".join("\n".join(output.traceback) for output in outputs) or str(error)


LONG = 5  # seconds from which on a reader is told before a cell runs
TOLD = re.compile(r"^// About (\d+) (s|min) on \d+ cores?\.\n")


def tell_times(notebook, seconds):
    """The first line of a long cell says how long it takes; one that still holds is left as it is."""
    for cell in notebook.cells:
        if cell.id not in seconds:
            continue
        told = TOLD.match(cell.source)
        took = seconds[cell.id]
        if told:
            before = int(told[1]) * (60 if told[2] == "min" else 1)
            if took >= LONG and 2 / 3 < took / before < 1.5:
                continue
        source = TOLD.sub("", cell.source)
        cell.source = f"// About {in_words(took)}.\n{source}" if took >= LONG else source


def in_words(seconds):
    cores = len(os.sched_getaffinity(0))
    on = f"on {cores} core{'' if cores == 1 else 's'}"
    return f"{5 * round(seconds / 5)} s {on}" if seconds < 90 else f"{round(seconds / 60)} min {on}"


def clean(notebook):
    """Leaves nothing in the file that changes from run to run without meaning."""
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # times of day, written by JupyterLab
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)


def joined(outputs):
    """Printed text in one piece: into how many messages it fell is chance."""
    result = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == "stream" == last.output_type and output.name == last.name:
            last.text += output.text
        else:
            result.append(output)
    return result


def save(notebook, path):
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    part = f"{path}.part"
    nbformat.write(notebook, part)
    os.replace(part, path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("notebook")
    parser.add_argument("--output", required=True)
    parser.add_argument("--timeout", type=int)
    parser.add_argument("--log", default=os.devnull)
    parser.add_argument("--times", action="store_true")
    options = parser.parse_args()
    begun = time.monotonic()
    try:
        notebook = nbformat.read(options.notebook, as_version=4)
    except (OSError, NotJSONError, ValidationError) as error:
        sys.exit(f"{options.notebook} is no readable notebook ({type(error).__name__}).")
    folder = os.path.dirname(os.path.abspath(options.notebook))
    with open(options.log, "w") as log:
        seconds = {}
        if not execute(notebook, folder, options.timeout, log, seconds):
            sys.exit(1)
    if options.times:
        tell_times(notebook, seconds)
    clean(notebook)
    # A notebook that sums up stored results has their profile, whatever it is run with.
    if not notebook.metadata.get("starlit", {}).get("stored"):
        notebook.metadata["starlit"] = {"profile": os.environ.get("STARLIT_PROFILE", "quick")}
    save(notebook, options.output)
    tell("saved", seconds=time.monotonic() - begun)


if __name__ == "__main__":
    main()
