#define COLDFRAME_BATCH kAvx2Batch
#define COLDFRAME_BATCH_NAME "avx2"
#include "sim/batch_loops.inc"
