/* The Merkle tree of RFC 9162, section 2, over a list that only grows. Whoever holds an old root
 * can check that a new one only added to it, and that a single entry is where it is said to be,
 * without the list; the verifiers below need no tree. Sizes count leaves, indexes begin at 0: the
 * ledger's position n is leaf n - 1. */
#ifndef MISAQ_PROOF_MERKLE_H
#define MISAQ_PROOF_MERKLE_H

#include "base/err.h"
#include "proof/digest.h"

#define MERKLE_PATH_MAX 64

/* Hashes of a proof in the order of the RFC. */
struct merkle_path {
    uint32_t count;
    struct digest at[MERKLE_PATH_MAX];
};

/* Every hash of every complete subtree: 64 bytes a leaf, and room to grow. */
struct merkle;

struct merkle *merkle_new(void); /* NULL when there is no memory; the caller frees it */
void merkle_free(struct merkle *tree);
#define MERKLE_CLEANUP __attribute__((cleanup(merkle_cleanup)))
static inline void merkle_cleanup(struct merkle **tree)
{
    merkle_free(*tree);
}

/* The hash of a leaf: SHA-256 of 0x00 and the entry's bytes. */
struct digest merkle_leaf(struct text entry);
/* Appends a leaf hash; false, with the tree as it was, when there is no memory. */
bool merkle_add(struct merkle *tree, const struct digest *leaf) MUST_CHECK;
uint64_t merkle_size(const struct merkle *tree);
/* index < size of the tree. */
struct digest merkle_leaf_at(const struct merkle *tree, uint64_t index);
/* The root as it was when there were `size` leaves; size <= that of the tree. */
struct digest merkle_root(const struct merkle *tree, uint64_t size);
/* Leaf `index` in the tree of `size` leaves; index < size <= that of the tree. */
void merkle_inclusion(
    const struct merkle *tree, uint64_t index, uint64_t size, struct merkle_path *ret_path);
/* The tree of `to` leaves begins with that of `from`; from <= to <= size of the tree. Empty where
 * there is nothing to prove: from == to, and from == 0. */
void merkle_consistency(
    const struct merkle *tree, uint64_t from, uint64_t to, struct merkle_path *ret_path);

/* RFC 9162, 2.1.3.2: whether `path` leads from the leaf hash to the root. */
bool merkle_verify_inclusion(const struct digest *leaf, uint64_t index, uint64_t size,
    const struct merkle_path *path, const struct digest *root) MUST_CHECK;
/* RFC 9162, 2.1.4.2: whether a tree of `to` leaves with root `to_root` begins with the tree of
 * `from` leaves and root `from_root`. The empty tree (its root is SHA-256 of nothing) begins every
 * other; its path is empty. */
bool merkle_verify_consistency(uint64_t from, const struct digest *from_root, uint64_t to,
    const struct digest *to_root, const struct merkle_path *path) MUST_CHECK;

#endif
