"""Plays a scenario to the TypeScript kernel and prints, as JSON, every message it sent.

Standard input: {"cwd": folder, "steps": [step, ...]}, each step one of
  {"execute": code, "stopOnError": bool, "wait": bool}   send a cell; wait (default) for its reply
  {"send": message type, "content": {...}}               send a message that has no reply
  {"write": file, "text": text}                          write a file in the kernel's folder
  {"untilAsked": true, "answer": text}                   wait for an input request, and answer it
  {"complete": code, "at": n}  {"inspect": code, "at": n}  {"request": message type}
  {"untilPrinted": text}       wait until the latest cell has printed or displayed it
  {"interrupt": true}          what the stop button does; waits for the reply
  {"untilDone": true}          wait for the replies to all requests
Standard output: {"requests": [{"type", "reply", "iopub": [{"type", "content"}], "asked": [content], "seconds"}, ...],
                  "alive": whether it lived to the end, "shutdown": seconds that it took to end}
"""
import json
import os
import subprocess
import sys
import time

import zmq
from jupyter_client.manager import start_new_kernel

WAIT = 90  # seconds for any one answer
SILENT = ("unknown_request", "comm_open", "comm_msg", "comm_close")  # messages without a reply


def main():
    scenario = json.load(sys.stdin)
    # Node makes the streams that it inherits non-blocking, and this script needs its own whole.
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager, client = start_new_kernel(kernel_name="tslab", cwd=scenario["cwd"], **quiet)
    try:
        requests, alive = play(manager, client, scenario["steps"], scenario["cwd"]), manager.is_alive()
        client.stop_channels()
        asked = time.monotonic()
        manager.shutdown_kernel()  # asks, and kills after 5 seconds
        print(json.dumps({"requests": requests, "alive": alive, "shutdown": time.monotonic() - asked}))
    finally:
        manager.shutdown_kernel(now=True)


def play(manager, client, steps, folder):
    requests = {}  # by message id, in the order sent

    channels = {channel.socket: channel for channel in (client.iopub_channel, client.shell_channel, client.stdin_channel)}
    poller = zmq.Poller()
    for socket in channels:
        poller.register(socket, zmq.POLLIN)

    def collect(enough):
        end = time.monotonic() + WAIT
        while not enough():
            if time.monotonic() > end:
                raise TimeoutError(json.dumps(list(requests.values()))[-2000:])
            for socket, _ in poller.poll(1000):
                channel = channels[socket]
                message = channel.get_msg(timeout=0)
                request = requests.get(message["parent_header"].get("msg_id"))
                if request and channel is client.shell_channel:
                    request["reply"] = {"type": message["msg_type"], **message["content"]}
                    request["seconds"] = time.monotonic() - request["seconds"]
                elif request and channel is client.stdin_channel:
                    request["asked"].append(message["content"])
                elif request:
                    request["iopub"].append({"type": message["msg_type"], "content": message["content"]})

    def done(request):
        idle = request["iopub"] and request["iopub"][-1]["content"].get("execution_state") == "idle"
        return idle and (request["reply"] or request["type"] in SILENT)

    for step in steps:
        if step.get("interrupt"):
            client.control_channel.send(client.session.msg("interrupt_request", {}))
            client.get_control_msg(timeout=WAIT)  # so that it is not the next cell that is interrupted
            continue
        if step.get("untilDone"):
            collect(lambda: all(done(request) for request in requests.values()))
            continue
        if "untilPrinted" in step:
            latest = list(requests.values())[-1]
            outputs = ("stream", "display_data", "update_display_data")
            collect(lambda: any(m["type"] in outputs and step["untilPrinted"] in json.dumps(m) for m in latest["iopub"]))
            continue
        if "write" in step:
            with open(os.path.join(folder, step["write"]), "w") as file:
                file.write(step["text"])
            continue
        if step.get("untilAsked"):
            latest = list(requests.values())[-1]
            collect(lambda: latest["asked"])
            client.input(step["answer"])
            continue
        now = time.monotonic()
        if "execute" in step:
            kind, sent = "execute_request", client.execute(
                step["execute"], stop_on_error=step.get("stopOnError", True), silent=step.get("silent", False)
            )
        elif "complete" in step:
            kind, sent = "complete_request", client.complete(step["complete"], step["at"])
        elif "inspect" in step:
            kind, sent = "inspect_request", client.inspect(step["inspect"], step["at"])
        else:
            kind = step.get("request") or step["send"]
            message = client.session.msg(kind, step.get("content", {}))
            client.shell_channel.send(message)
            sent = message["header"]["msg_id"]
        request = requests[sent] = {"type": kind, "reply": None, "iopub": [], "asked": [], "seconds": now}
        if step.get("wait", True):
            collect(lambda: done(request))
    collect(lambda: all(done(request) for request in requests.values()))
    return list(requests.values())


main()
