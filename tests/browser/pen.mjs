// What a front end does to sign: WebCrypto and fetch, nothing of ours. Reads one JSON task from
// standard input and prints one JSON answer.
//   {"do": "key", "url", "token", "proof": {office, person, from, until, origin}}
//       makes a key: {"jwk" (private, for the test), "x", "proof"} with proof of possession
//   {"do": "sign", "url", "token", "office", "agreement", "act"?, "jwk"}
//       reads the statement, signs it, posts it: {"status", "answer", "jws"}
//   {"do": "verify", "jws", "x", "alg"?}
//       verifies with jose, a library that nobody here wrote: {"payload", "header"}
import { webcrypto } from "node:crypto";
import { compactVerify, importJWK } from "jose";

const { subtle } = webcrypto;
const task = JSON.parse(await new Response(process.stdin).text());

const base64url = (bytes) => Buffer.from(bytes).toString("base64url");

// RFC 8785 for the little that is signed here: strings and whole numbers, one object.
const canonical = (object) =>
  `{${Object.keys(object).sort().map((name) => `${JSON.stringify(name)}:${JSON.stringify(object[name])}`).join()}}`;

// RFC 7638.
async function thumbprint(x) {
  const bytes = new TextEncoder().encode(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`);
  return base64url(await subtle.digest("SHA-256", bytes));
}

async function signed(payload, privateKey, x) {
  const header = base64url(JSON.stringify({ alg: "Ed25519", kid: await thumbprint(x) }));
  const input = `${header}.${base64url(payload)}`;
  const signature = await subtle.sign("Ed25519", privateKey, new TextEncoder().encode(input));
  return `${input}.${base64url(signature)}`;
}

async function makeKey({ proof }) {
  const pair = await subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const jwk = await subtle.exportKey("jwk", pair.privateKey);
  const statement = canonical({ ...proof, key: jwk.x, type: "misaq.key.v1" });
  return { jwk: { kty: jwk.kty, crv: jwk.crv, d: jwk.d, x: jwk.x }, x: jwk.x,
    proof: await signed(statement, pair.privateKey, jwk.x) };
}

async function sign({ url, token, office, agreement, act, jwk }) {
  const headers = { Authorization: `Bearer ${token}`, "Misaq-Office": office };
  const path = `${url}/v1/agreements/${agreement}`;
  const statement = await (await fetch(`${path}/statement${act ? `?act=${act}` : ""}`, { headers })).json();
  const etag = (await fetch(path, { headers })).headers.get("ETag");
  const key = await subtle.importKey("jwk", jwk, "Ed25519", false, ["sign"]);
  const jws = await signed(statement.payload, key, jwk.x);
  const answer = await fetch(`${path}/sign`, { method: "POST", body: JSON.stringify({ jws }),
    headers: { ...headers, "Content-Type": "application/json", "If-Match": etag } });
  return { status: answer.status, answer: await answer.json(), jws };
}

async function verify({ jws, x, alg = "Ed25519" }) {
  const key = await importJWK({ kty: "OKP", crv: "Ed25519", x }, alg);
  const { payload, protectedHeader } = await compactVerify(jws, key, { algorithms: [alg] });
  return { payload: new TextDecoder().decode(payload), header: protectedHeader };
}

const tasks = { key: makeKey, sign, verify };
console.log(JSON.stringify(await tasks[task.do](task)));
