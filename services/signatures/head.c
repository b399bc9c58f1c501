#include "head.h"

uint64_t head_now(const struct model *model, char out[DIGEST_HEX_SIZE])
{
    uint64_t size = merkle_size(model->tree);
    struct digest root = merkle_root(model->tree, size);
    digest_to_hex(&root, out);
    return size;
}

bool head_matches(const struct model *model, uint64_t size, struct text root)
{
    char hex[DIGEST_HEX_SIZE];
    if (size > merkle_size(model->tree))
        return false;
    struct digest was = merkle_root(model->tree, size);
    return text_is(root, digest_to_hex(&was, hex));
}
