#include "base/descriptor.h"

#include <errno.h>
#include <unistd.h>

bool descriptor_write(int fd, struct text bytes)
{
    while (bytes.len > 0) {
        ssize_t done = write(fd, bytes.at, bytes.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        bytes.at += done;
        bytes.len -= (size_t)done;
    }
    return true;
}
