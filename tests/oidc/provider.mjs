// A real identity provider for tests: `node provider.mjs PORT GENERATION`. Signs for the audience
// "misaq" with RSA, EC or Ed25519, as the resource says; the keys are new with each generation. A
// line {"header": ..., "claims": ..., "key": "RSA"|"EC"|"OKP"} on standard input is signed as it
// stands, whatever it says, and answered with the token.
import { createInterface } from "node:readline";
import { CompactSign, exportJWK, generateKeyPair, importJWK } from "jose";
import Provider from "oidc-provider";

console.info = console.error; // its notices are not answers
const [port, generation] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const algorithms = { RSA: "RS256", EC: "ES256", OKP: "EdDSA" };
const keys = {};
for (const [type, alg] of Object.entries(algorithms)) {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, crv: "Ed25519" });
  keys[type] = { ...(await exportJWK(privateKey)), use: "sig", alg, kid: `${type}-${generation}` };
}

const provider = new Provider(issuer, {
  clients: [{ client_id: "app", client_secret: "secret", redirect_uris: [], response_types: [],
    grant_types: ["client_credentials"] }],
  jwks: { keys: Object.values(keys) },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (context, resource) => ({
        scope: "act", audience: "misaq", accessTokenTTL: 600, accessTokenFormat: "jwt",
        jwt: { sign: { alg: algorithms[resource.split(":").pop()] } },
      }),
    },
  },
  extraTokenClaims: (context) => ({ preferred_username: context.oidc.body.person }),
});

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { header, claims, key } = JSON.parse(line);
  const payload = new TextEncoder().encode(JSON.stringify(claims));
  const signed = await new CompactSign(payload)
    .setProtectedHeader(header).sign(await importJWK(keys[key], algorithms[key]));
  console.log(signed);
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
