/* must(x): what cannot happen unless the program itself is wrong. Always on, never for input:
 * a service that has lost its footing stops, and its ledger is intact. */
#ifndef MISAQ_BASE_MUST_H
#define MISAQ_BASE_MUST_H

_Noreturn void must_failed(const char *what, const char *file, int line);

#define must(x) ((x) ? (void)0 : must_failed(#x, __FILE__, __LINE__))

#endif
