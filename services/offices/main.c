/* The offices service: who holds which office, since when. Everything it does stands in table.c. */
#include "table.h"

int main(int argc, char **argv)
{
    return service_main(argc, argv, table_service());
}
