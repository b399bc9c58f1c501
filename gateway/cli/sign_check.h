/* What a signer's own machine checks before the key touches anything: the server says what is to be
 * signed, and a server that lies must not get a signature for it. Pure. */
#ifndef MISAQ_CLI_SIGN_CHECK_H
#define MISAQ_CLI_SIGN_CHECK_H

#include "proof/checkpoint.h"
#include "proof/merkle.h"
#include "proof/statement.h"

/* What the signer means to do, and what was shown. */
struct sign_intent {
    struct text agreement, office, person, origin;
    enum signing_act act;
    struct text document; /* bytes of the document that was shown */
};

/* Whether `payload` is the canonical statement of exactly that: the texts of *ret are borrowed from
 * `parsed`. Each thing that it says otherwise is a fault of its own. */
enum err sign_check_statement(const struct sign_intent *intent, struct text payload,
    struct json_document *parsed, struct statement *ret_statement, struct faults *why) MUST_CHECK;
/* Whether the head in the statement and the signed checkpoint belong to one ledger: `path` proves
 * that the larger begins with the smaller. */
enum err sign_check_head(const struct statement *statement, const struct checkpoint *checkpoint,
    const struct merkle_path *path, struct faults *why) MUST_CHECK;
/* The document's own title, as it stands in its bytes: not that of its cycle, which comes before.
 */
bool sign_check_title(struct text document, struct buf *out);

#endif
