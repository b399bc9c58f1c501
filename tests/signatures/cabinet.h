/* A government with people in it: m.pwr holds minister.PWR, s.pwr secretary.PWR, f.pwr focal.PWR,
 * the same for WAT; p.m is the PM, p.mo the PM Office, c.one sits in the committee, a.udit audits;
 * first and second are administrators. */
#ifndef MISAQ_TESTS_SIGNATURES_CABINET_H
#define MISAQ_TESTS_SIGNATURES_CABINET_H

#include "signatures/chancery.h"

/* Who signs in a cabinet, with what. */
struct signer {
    const char *person, *office;
    struct key_secret secret;
};

struct cabinet {
    struct chancery *chancery;
    struct signer minister, other, pm; /* minister: of PWR, other: of WAT */
};

/* With the keys of the three signers enrolled. */
struct cabinet cabinet_open(const struct service *service);
/* The same, with PWR-2021 ready for signature, or in force. */
struct cabinet cabinet_ready(const struct service *service);
struct cabinet cabinet_in_force(const struct service *service);
void cabinet_close(struct cabinet *cabinet);

void cabinet_person(struct chancery *chancery, const char *person);
/* Creates the office where it is new, and posts the person there; who held it leaves. */
void cabinet_post(struct chancery *chancery, const char *person, const char *office);
void cabinet_unpost(struct chancery *chancery, const char *office);
void cabinet_body(struct chancery *chancery, const char *id, const char *successor);

/* The body of key.propose with its proof; texts are borrowed from `arena`. */
struct key_propose cabinet_proposal(const struct signer *signer, struct buf *arena);
/* A new key, proposed and confirmed. */
void cabinet_enrol(struct chancery *chancery, struct signer *signer);

/* A target's promise, complete; weight in thousandths. */
struct target_promise cabinet_promise(const char *statement, int64_t weight);
/* Opens an agreement and leads it by telling to a state up to at_pmo: two targets, ruled. */
void cabinet_agreement(struct chancery *chancery, const char *body, enum agreement_state state);
/* Tells an amendment of the second target. */
void cabinet_amend(struct chancery *chancery, const char *agreement, const char *amendment);
void cabinet_freeze(struct chancery *chancery, const char *agreement);

/* The statement that is asked of the signer now; false with the faults of the chancery. The text is
 * put into `arena`. */
bool cabinet_statement(struct chancery *chancery, const struct signer *signer,
    const char *agreement, enum signing_act act, struct buf *arena);
/* Asks for the statement, signs it and sends it. */
enum err cabinet_sign(struct chancery *chancery, const struct signer *signer, const char *agreement,
    enum signing_act act);
/* Sends any text as a signature, with the version that the agreement is at. */
enum err cabinet_send(
    struct chancery *chancery, const struct signer *signer, const char *agreement, struct text jws);

#endif
