/* SPDX-License-Identifier: MIT */
#ifndef EIGENGUIDE_C_EIGENGUIDE_H
#define EIGENGUIDE_C_EIGENGUIDE_H

/* The library for C, and for all that calls C: Rust, Swift, C#, Python's ctypes.
 *
 * ```c
 * eigenguide_error wrong;
 * eigenguide_method* method = NULL;
 * eigenguide_call call = {0};
 * eigenguide_status status = eigenguide_method_parse("cfg(scale=7.5)", &method, &wrong);
 * if (status == EIGENGUIDE_OK) {
 *   call.samples = samples;
 *   call.size = size;
 *   call.cond.data = cond;
 *   call.uncond.data = uncond;
 *   call.out.data = out;
 *   status = eigenguide_guide(method, &call, &wrong);
 * }
 * if (status != EIGENGUIDE_OK) fprintf(stderr, "%s\n", wrong.message);
 * eigenguide_method_free(method);
 * ```
 *
 * No exception leaves a function, nothing is kept between calls, and a method is
 * never changed: any number of threads may share one. Where a call does not
 * return EIGENGUIDE_OK it has written nothing but the error. */

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && defined(EIGENGUIDE_C_SHARED)
#if defined(EIGENGUIDE_C_BUILD)
#define EIGENGUIDE_C_API __declspec(dllexport)
#else
#define EIGENGUIDE_C_API __declspec(dllimport)
#endif
#elif defined(__GNUC__)
#define EIGENGUIDE_C_API __attribute__((visibility("default")))
#else
#define EIGENGUIDE_C_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* How a call ended. */
typedef int32_t eigenguide_status;
#define EIGENGUIDE_OK 0
#define EIGENGUIDE_INVALID 1       /* an argument: the message names it, what it was and what was expected */
#define EIGENGUIDE_OUT_OF_MEMORY 2
#define EIGENGUIDE_UNEXPECTED 3    /* anything else: an error of the library */

/* Of the caller, one for each call or thread; NULL where nobody reads it. Empty
 * after a call that succeeded. A message that is too long is cut. */
typedef struct eigenguide_error {
  char message[1024];
} eigenguide_error;

/* What elements are of. Half and bfloat16 are 16 bits each. */
typedef int32_t eigenguide_type;
#define EIGENGUIDE_FLOAT 0
#define EIGENGUIDE_DOUBLE 1
#define EIGENGUIDE_HALF 2
#define EIGENGUIDE_BFLOAT16 3

/* A batch in memory: samples of contiguous elements. */
typedef struct eigenguide_input {
  const void* data;
  size_t stride; /* elements from the start of one sample to the next; 0: the samples lie side by side */
} eigenguide_input;
typedef struct eigenguide_output {
  void* data;
  size_t stride;
} eigenguide_output;

/* What a method reads besides cond and uncond, by its name: the predictions
 * "middle", "perturbed", "isolated", "degraded", "prompt" and "prompt_1" (prompt<0>
 * and prompt<1> of the headers), and the states "momentum", "correction" and
 * "average", which are zero at the start of a run. A method may read two of the
 * predictions and one of the states. */
typedef struct eigenguide_given {
  const char* name;
  eigenguide_input values;
  eigenguide_output next; /* of a state: where its next value goes, which may be exactly `values`; NULL: nowhere, as in
                             the second evaluation of a step */
  size_t fed;             /* of a state: how many steps have made it what it is; goes with the call's `count` */
} eigenguide_given;

/* x = alpha x0 + sigma noise */
typedef struct eigenguide_level {
  double alpha, sigma;
} eigenguide_level;

/* What a step found of one sample, or of one group of a sample; see method/diagnostics.hpp.
 * The ratios are NaN where cond or uncond was left out, or is not finite. non_finite counts elements of
 * cond, uncond and the further predictions that are given and that the method reads. */
typedef struct eigenguide_diagnostics {
  double scale, relative_difference, cosine, zero_star;
  uint64_t non_finite;
} eigenguide_diagnostics;

/* A caller's threads: calls part(task, 0), ..., part(task, count - 1), once each,
 * in any order and on any threads, and returns when they all have. */
typedef void (*eigenguide_part)(const void* task, size_t index);
typedef void (*eigenguide_parallel_for)(void* context, size_t count, eigenguide_part part, const void* task);

/* One step of a batch. All zero is a valid start; what is left zero is not there. */
typedef struct eigenguide_call {
  eigenguide_type type;   /* of every tensor */
  size_t samples;         /* how many there are */
  size_t size;            /* elements of one sample */
  eigenguide_input cond;
  eigenguide_input uncond;
  eigenguide_output out; /* may be exactly one of the inputs */

  /* Further predictions and states; what the method does not read may be there
   * all the same. A prediction that is not needed (see eigenguide_method_needs)
   * may be left out, cond and uncond too; a state whose next value depends on
   * one that was left out keeps its value. */
  const eigenguide_given* given;
  size_t given_count;

  const double* scales;      /* one for each sample, instead of the method's, or with groups for each group of each */
  eigenguide_diagnostics* report; /* one for each sample, or with groups for each group of each */

  /* Groups: inner products over a part of each sample, as per_channel has them. */
  const char* layout;     /* a letter for each of 2 to 8 dimensions of the batch, slowest first: "bchw" */
  const char* each;       /* the dimensions that number the groups: "c" */
  const size_t* extents;  /* of the dimensions; the first is `samples` */

  /* Guidance in a space of its own. The kinds are "epsilon", "sample", "v",
   * "flow", "flow_to_data", "score" and "edm". */
  const char* model_kind;  /* what the model predicts; NULL: "epsilon" */
  const char* method_kind; /* in which the method's formula is read; NULL: the model's */
  double sigma_data;       /* of "edm"; 0: 0.5 */
  eigenguide_input x;      /* the noisy samples; needed where the kinds differ, and by eigenguide_step */
  const eigenguide_level* levels; /* where x is */
  size_t level_count;             /* 1, or one for each sample */

  /* Where a run stands, of methods that look at it (zero_init, beta_cfg, ...). */
  size_t step;   /* 0-based */
  size_t count;  /* how many steps there are; 0: no run, and such methods do as their text says; then `step` is 0 too */

  eigenguide_parallel_for parallel_for; /* NULL: this thread alone. The result is the same, bit for bit */
  void* parallel_context;
} eigenguide_call;

/* Where a step of a sampler ends. */
typedef struct eigenguide_next {
  const eigenguide_level* levels; /* as many as the call has */
  int32_t renoise_uncond;         /* not 0: CFG++, which takes the noise of uncond along */
} eigenguide_next;

typedef struct eigenguide_method eigenguide_method;

/* "0.1.0" */
EIGENGUIDE_C_API const char* eigenguide_version(void);

/* A method, or a chain of them, from its text; see method/parse.hpp. */
EIGENGUIDE_C_API eigenguide_status eigenguide_method_parse(const char* text, eigenguide_method** method,
                                                           eigenguide_error* error);
EIGENGUIDE_C_API void eigenguide_method_free(eigenguide_method* method);

/* Whether the result depends on the prediction `name` ("cond", "uncond",
 * "perturbed", ...), as the method is configured and, where `call` is not NULL,
 * with its scales at its step: whether the model must be evaluated for it. Of
 * `call` no tensor is read. Costs up to 0.4 ms. */
EIGENGUIDE_C_API eigenguide_status eigenguide_method_needs(const eigenguide_method* method, const eigenguide_call* call,
                                                           const char* name, int32_t* needed, eigenguide_error* error);

/* Guides one step: `out` is the guided prediction. */
EIGENGUIDE_C_API eigenguide_status eigenguide_guide(const eigenguide_method* method, const eigenguide_call* call,
                                                    eigenguide_error* error);

/* Guides, and takes DDIM's or Euler's step in the same passes: `out` is the samples at `next`. */
EIGENGUIDE_C_API eigenguide_status eigenguide_step(const eigenguide_method* method, const eigenguide_call* call,
                                                   const eigenguide_next* next, eigenguide_error* error);

#ifdef __cplusplus
}
#endif

#endif
