/* The notifications service as data. Apart from main.c, so that tests hold the same table in hand
 * that the program serves. */
#ifndef MISAQ_NOTIFICATIONS_TABLE_H
#define MISAQ_NOTIFICATIONS_TABLE_H

#include "service/service.h"

const struct service *table_service(void);

#endif
