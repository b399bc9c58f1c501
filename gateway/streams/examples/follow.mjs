// A subscriber of the stream for departments in Node (zeromq): every event once, holes closed.
// usage: follow.mjs KEYS ACCESS URL STREAM SERVER_KEY TOPIC...   (KEYS: misaq follow --keygen KEYS)
import { readFileSync } from "node:fs";
import { Subscriber } from "zeromq";

const [keys, access, url, stream, serverKey, ...topics] = process.argv.slice(2);
const lines = readFileSync(keys, "ascii").trim().split("\n");
const mine = Object.fromEntries(lines.map((line) => line.split(" ")));
let cursor = 0; // everything up to it was had, and what is in `had`
let heads;
let had = new Set();

const wanted = (event) => topics.some((topic) =>
  `${event.type}.${event.subject.split("-")[0]}`.startsWith(topic.slice(topic.indexOf(".") + 1)));

function take(event) {
  if (event.position <= cursor || had.has(event.position)) return;
  had.add(event.position);
  console.log(JSON.stringify(event));
}

// What was missed, over HTTP: everything behind the cursor.
async function readAgain() {
  let reach = cursor;
  for (let after = String(cursor); after !== undefined;) {
    const answer = await fetch(`${url}/v1/events?limit=200&after=${after}`,
      { headers: { Authorization: `Bearer ${mine.token}` } });
    if (!answer.ok) throw new Error(await answer.text());
    const page = await answer.json();
    for (const event of page.items) {
      reach = event.position;
      if (wanted(event)) take(event);
    }
    after = page.next;
  }
  return reach;
}

const isLost = (head) => head.from !== heads || head.many ||
  head.topics.some(({ topic, position }) => topics.some((start) => topic.startsWith(start)) &&
    position > cursor && !had.has(position));

const socket = new Subscriber({ curvePublicKey: mine.public, curveSecretKey: mine.secret,
  curveServerKey: serverKey });
socket.subscribe(`~${access}`, ...topics); // the control channel first: refusals come there
socket.connect(stream);
for await (const frames of socket) {
  if (frames.length === 3) {
    const previous = Number(JSON.parse(frames[1]).previous);
    if (previous > cursor && !had.has(previous)) cursor = Math.max(cursor, await readAgain());
    take(JSON.parse(frames[2]));
    continue;
  }
  const said = JSON.parse(frames[1]);
  if (said.kind !== "heads") {
    console.error(`${said.kind}: ${said.topic ?? ""} ${said.detail ?? ""}`);
    process.exit(1);
  }
  if (isLost(said)) await readAgain();
  cursor = Math.max(cursor, said.to);
  heads = said.to;
  had = new Set([...had].filter((position) => position > cursor));
}
