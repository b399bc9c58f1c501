/* Puts the sample government into a running system through its public API. */
#ifndef MISAQ_CLI_LOAD_H
#define MISAQ_CLI_LOAD_H

/* url: "http://127.0.0.1:8080". Does what is not there yet, so that a load that was interrupted
 * goes on where it was. Tells progress on standard output, a refusal on standard error; returns
 * what a command exits with. */
int load_sample(const char *url);

#endif
