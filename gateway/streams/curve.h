/* The CURVE key of the department stream, in a file that only this user reads (the secret key in
 * Z85, 40 characters), and the socket that it protects. */
#ifndef MISAQ_STREAMS_CURVE_H
#define MISAQ_STREAMS_CURVE_H

#include "base/settings.h"

#define CURVE_TEXT_SIZE 41

struct curve {
    char public[CURVE_TEXT_SIZE], secret[CURVE_TEXT_SIZE];
};

/* Reads the file, or makes it with a new key where there is none. */
enum err curve_open(const char *path, struct curve *ret_curve, struct faults *why) MUST_CHECK;

/* A publisher (XPUB) whose subscriptions wait to be judged, at an address, with a queue of so many
 * messages for each subscriber; who may come in is asked of zap.h. `ret_bound`: where. */
enum err curve_bind(void *context, const struct curve *curve, const char *address, int queue,
    void **ret_socket, char ret_bound[SETTING_WORD_SIZE], struct faults *why) MUST_CHECK;

#endif
