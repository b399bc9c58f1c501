/* Where a server listens. */
#ifndef MISAQ_LEDGER_ADDRESS_H
#define MISAQ_LEDGER_ADDRESS_H

#include "base/settings.h"

struct address {
    char host[SETTING_WORD_SIZE]; /* or the path of a socket, when port is 0 */
    int port;
};

/* host:port, [IPv6]:port or the path of a socket; `setting` is named in the fault. */
enum err address_read(struct text said, const char *setting, struct address *ret_address,
    struct faults *why) MUST_CHECK;

#endif
