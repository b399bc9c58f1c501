#include "key_proof.h"

#include "proof/jws.h"
#include "schema/jcs.h"
#include "schema/pack.h"

#define STATEMENT_SIZE 4096

bool key_proof_write(const struct key_propose *propose, struct text origin,
    const struct key_secret *secret, struct buf *out)
{
    BUF_CLEANUP struct buf packed = BUF(STATEMENT_SIZE), bytes = BUF(STATEMENT_SIZE);
    const struct key_statement statement = {.type = TEXT_LITERAL("misaq.key.v1"),
        .origin = origin,
        .office = propose->office,
        .person = propose->person,
        .key = propose->key,
        .from = propose->from,
        .until = propose->until};
    pack_write(key_statement_record(), &statement, &packed);
    if (packed.full || !jcs_write(key_statement_record(), buf_as_text(&packed), &bytes))
        return false;
    jws_write(out, buf_as_text(&bytes), NULL, secret);
    return !out->full;
}
