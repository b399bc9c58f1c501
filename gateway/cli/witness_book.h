/* What a witness knows of a ledger: the last head that it co-signed. It signs only what contains
 * that head, and writes down what it signs before it says so; a witness that forgets could be made
 * to sign two histories. (C2SP tlog-witness, add-checkpoint.) */
#ifndef MISAQ_CLI_WITNESS_BOOK_H
#define MISAQ_CLI_WITNESS_BOOK_H

#include "proof/merkle.h"
#include "proof/note.h"

#define WITNESS_PATH_SIZE 512

struct witness_book {
    char folder[WITNESS_PATH_SIZE - 32];
    int lock; /* held while it is open: two that sign with one key would not know of each other */
    struct key_secret secret;
    struct note_key key, log;
    uint64_t size; /* of the last head; 0: none yet, root is that of the empty tree */
    struct digest root;
};

/* Opens the folder, makes it and the key in it the first time. `name` is the name of the key; the
 * same as before. A book that this key and the log's did not sign is refused. */
enum err witness_book_open(struct witness_book *book, const char *folder, struct text name,
    const struct note_key *log, struct faults *why) MUST_CHECK;
void witness_book_close(struct witness_book *book);
/* Judges a request and answers it: the HTTP status, and what belongs into the body. 200 is on disk
 * when it is returned. now_s: seconds since 1970. */
int witness_book_add(
    struct witness_book *book, struct text request, uint64_t now_s, struct buf *ret_answer);

#endif
