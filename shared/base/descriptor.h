/* What write(2) leaves to its caller. */
#ifndef MISAQ_BASE_DESCRIPTOR_H
#define MISAQ_BASE_DESCRIPTOR_H

#include "base/text.h"

/* Writes all of it, however many calls it takes. False with errno set when it cannot be. */
bool descriptor_write(int fd, struct text bytes);

#endif
