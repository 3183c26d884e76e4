#define COLDFRAME_BATCH kAvx512Batch
#define COLDFRAME_BATCH_NAME "avx512"
#include "sim/batch_loops.inc"
