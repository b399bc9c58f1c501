/* Signing in and out, and who one is: the gateway adds what it alone knows (the address, the mark
 * of the browser, the session of the token) and keeps the cookies. Passwords are judged by the
 * offices service; nothing of this may be kept by anybody on the way. */
#ifndef MISAQ_GATEWAY_SESSIONS_H
#define MISAQ_GATEWAY_SESSIONS_H

struct exchange;

/* Answers OWN_SIGN_IN, OWN_RENEW, OWN_SIGN_OUT, OWN_ME and OWN_PASSWORD, at once or later. */
void sessions_answer(struct exchange *exchange);

#endif
