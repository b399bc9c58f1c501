#!/usr/bin/python3
"""A subscriber of the stream for departments in Python (pyzmq): every event once, holes closed.

usage: follow.py KEYS ACCESS URL STREAM SERVER_KEY TOPIC...    (KEYS: misaq follow --keygen KEYS)
"""
import json
import sys
import urllib.request

import zmq

keys, access, url, stream, server_key, *topics = sys.argv[1:]
mine = dict(line.split() for line in open(keys, encoding="ascii"))
cursor, heads, had = 0, None, set()  # everything up to the cursor was had, and what is in `had`


def wanted(event):
    body = event["subject"].partition("-")[0]
    return any(f"{event['type']}.{body}".startswith(topic.partition(".")[2]) for topic in topics)


def take(event):
    if event["position"] > cursor and event["position"] not in had:
        had.add(event["position"])
        print(json.dumps(event, ensure_ascii=False), flush=True)


def read_again():
    """What was missed, over HTTP: everything behind the cursor."""
    reach, after = cursor, str(cursor)
    while after:
        asked = urllib.request.Request(f"{url}/v1/events?limit=200&after={after}",
                                       headers={"Authorization": f"Bearer {mine['token']}"})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            page = json.load(answer)
        for event in page["items"]:
            reach = event["position"]
            if wanted(event):
                take(event)
        after = page.get("next")
    return reach


def lost(head):
    if heads != head["from"] or head.get("many"):
        return True
    return any(topic["position"] > cursor and topic["position"] not in had
               for topic in head["topics"] if any(topic["topic"].startswith(t) for t in topics))


socket = zmq.Context().socket(zmq.SUB)
socket.curve_publickey, socket.curve_secretkey = mine["public"].encode(), mine["secret"].encode()
socket.curve_serverkey = server_key.encode()
for topic in [f"~{access}", *topics]:  # the control channel first: refusals come there
    socket.subscribe(topic)
socket.connect(stream)
while True:
    frames = socket.recv_multipart()
    if len(frames) == 3:
        previous = int(json.loads(frames[1])["previous"])
        if previous > cursor and previous not in had:
            cursor = max(cursor, read_again())
        take(json.loads(frames[2]))
        continue
    said = json.loads(frames[1])
    if said["kind"] != "heads":
        sys.exit(f"{said['kind']}: {said.get('topic', '')} {said.get('detail', '')}")
    if lost(said):
        read_again()
    cursor, heads = max(cursor, said["to"]), said["to"]
    had = {position for position in had if position > cursor}
