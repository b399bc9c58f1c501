/* Files of evidence: streamed to disk while they are hashed, kept under their SHA-256, and given
 * out as bytes to be saved, never as something that a browser would run or show. */
#ifndef MISAQ_GATEWAY_EVIDENCE_H
#define MISAQ_GATEWAY_EVIDENCE_H

struct exchange;
struct settings;

/* The header of an upload has come: who asks, what kind of file, how large. Refuses, or takes the
 * body as it comes. */
void evidence_on_header(struct exchange *exchange);
/* Answers OWN_EVIDENCE_PUT and OWN_EVIDENCE_FILE, at once or later. */
void evidence_answer(struct exchange *exchange);

#endif
