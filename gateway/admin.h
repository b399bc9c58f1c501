/* The admin address: probes, metrics, digests. Never public: it asks nobody who they are. */
#ifndef MISAQ_GATEWAY_ADMIN_H
#define MISAQ_GATEWAY_ADMIN_H

struct exchange;

void admin_on_header(struct exchange *exchange);
void admin_on_whole(struct exchange *exchange);

#endif
