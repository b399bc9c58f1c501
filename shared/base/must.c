#include "base/must.h"

#include <stdio.h>
#include <stdlib.h>

void must_failed(const char *what, const char *file, int line)
{
    (void)fprintf(stderr,
        "{\"level\":\"fatal\",\"event\":\"cannot happen\",\"what\":\"%s\",\"where\":\"%s:%d\"}\n",
        what, file, line);
    abort();
}
