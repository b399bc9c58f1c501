/* The Redis Functions of the ledger (append.lua), as bytes inside the program. */
#ifndef MISAQ_LEDGER_SCRIPT_H
#define MISAQ_LEDGER_SCRIPT_H

#include "base/text.h"

#define SCRIPT_LIBRARY "misaq_v1"
#define SCRIPT_APPEND  "misaq_append_v1"
#define SCRIPT_RECALL  "misaq_recall_v1"
#define SCRIPT_HEAD    "misaq_head_v1"

struct text script_code(void);

#endif
