/* Everything of a government that lies in Redis, read past the services: for an audit. Blocking;
 * one thread. */
#ifndef MISAQ_LEDGER_INSPECT_H
#define MISAQ_LEDGER_INSPECT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/settings.h"

struct inspect;

enum err inspect_open(
    const struct settings *settings, struct inspect **ret_inspect, struct faults *why) MUST_CHECK;
void inspect_close(struct inspect *inspect);

/* Texts are borrowed during the call. An entry whose id is not "n-0", or that is not one field "e",
 * has `entry` absent. */
typedef void inspect_on_entry(void *owner, struct text id, struct text entry);
typedef void inspect_on_pair(void *owner, struct text name, struct text value);

/* Every entry of the ledger in order. */
enum err inspect_entries(
    struct inspect *inspect, inspect_on_entry *entry, void *owner, struct faults *why) MUST_CHECK;
/* The version that Redis keeps of every subject; "~head" is the last position. */
enum err inspect_versions(
    struct inspect *inspect, inspect_on_pair *pair, void *owner, struct faults *why) MUST_CHECK;
/* Every key that begins with "misaq:{<government>}:", without that: "ledger", "versions",
 * "key:...", "secret:...". The value is that of an idempotency key, absent for all others. */
enum err inspect_keys(
    struct inspect *inspect, inspect_on_pair *pair, void *owner, struct faults *why) MUST_CHECK;
/* Whether the Function library in Redis is the one of this program. */
enum err inspect_library(struct inspect *inspect, bool *ret_same, struct faults *why) MUST_CHECK;

#endif
