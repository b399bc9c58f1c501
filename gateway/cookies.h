/* One cookie out of a Cookie field (RFC 6265). A browser sends a name twice when somebody has
 * planted a second one: which of the two counts is then nobody's to guess. Pure. */
#ifndef MISAQ_GATEWAY_COOKIES_H
#define MISAQ_GATEWAY_COOKIES_H

#include "base/buf.h"

/* Bound to this host, path and https by their names (RFC 6265bis, section 4.1.3). */
#define COOKIE_SESSION "__Host-misaq"
#define COOKIE_DEVICE  "__Host-misaq-device"

/* False when the name comes twice; *ret_value is absent when it does not come. */
bool cookies_find(struct text field, const char *name, struct text *ret_value);
/* A Set-Cookie field, terminated. age_s: seconds to keep it, 0 drops it, below 0 until the browser
 * is closed. */
void cookies_write(struct buf *out, const char *name, struct text value, int64_t age_s);

#endif
