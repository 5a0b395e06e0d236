/* SPDX-License-Identifier: MIT */
/* The C library, from C. */
#include <eigenguide/c/eigenguide.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;
static eigenguide_error error;

#define CHECK(holds)                                                                     \
  do {                                                                                   \
    if (!(holds)) printf("%s:%d: %s (%s)\n", __FILE__, __LINE__, #holds, error.message), ++failures; \
  } while (0)

static int says(const char* words) { return strstr(error.message, words) != NULL; }

static int guide_once(const float* cond, const float* uncond, float* out, size_t samples, size_t size) {
  eigenguide_error wrong;
  eigenguide_method* method = NULL;
  eigenguide_call call = {0};
  eigenguide_status status = eigenguide_method_parse("cfg(scale=7.5)", &method, &wrong);
  if (status == EIGENGUIDE_OK) {
    call.samples = samples;
    call.size = size;
    call.cond.data = cond;
    call.uncond.data = uncond;
    call.out.data = out;
    status = eigenguide_guide(method, &call, &wrong);
  }
  if (status != EIGENGUIDE_OK) fprintf(stderr, "%s\n", wrong.message);
  eigenguide_method_free(method);
  return status;
}

static eigenguide_method* parsed(const char* text) {
  eigenguide_method* method = NULL;
  CHECK(eigenguide_method_parse(text, &method, &error) == EIGENGUIDE_OK);
  return method;
}

static eigenguide_call call_of(size_t samples, size_t size, const void* cond, const void* uncond, void* out) {
  eigenguide_call call = {0};
  call.samples = samples;
  call.size = size;
  call.cond.data = cond;
  call.uncond.data = uncond;
  call.out.data = out;
  return call;
}

/* A sample or group by CFG-Zero*: g = a u + s (c - a u). */
static double zero_star(const double* c, const double* u, size_t count, size_t step, double scale, size_t at) {
  double cu = 0, uu = 0, a;
  size_t i;
  for (i = 0; i < count; ++i) cu += c[i * step] * u[i * step], uu += u[i * step] * u[i * step];
  a = cu / uu;
  return a * u[at * step] + scale * (c[at * step] - a * u[at * step]);
}

static void plain(void) {
  float cond[6] = {1, 2, 3, -1, 0, 5}, uncond[6] = {0, 1, 1, 1, 1, 1}, out[6] = {0};
  size_t i;
  CHECK(guide_once(cond, uncond, out, 2, 3) == EIGENGUIDE_OK);
  for (i = 0; i < 6; ++i) CHECK(out[i] == uncond[i] + 7.5f * (cond[i] - uncond[i]));
  CHECK(guide_once(cond, uncond, cond, 2, 3) == EIGENGUIDE_OK);
  CHECK(memcmp(cond, out, sizeof out) == 0);
  CHECK(guide_once(NULL, NULL, NULL, 0, 3) == EIGENGUIDE_OK);
  CHECK(guide_once(NULL, NULL, NULL, SIZE_MAX, 0) == EIGENGUIDE_OK);
}

static void types(void) {
  /* 1, 2 and 0, 1 at scale 3 are 3, 4. */
  const double wide[2] = {1, 2}, wide_uncond[2] = {0, 1};
  const uint16_t half[2] = {0x3c00, 0x4000}, half_uncond[2] = {0, 0x3c00};
  const uint16_t bfloat[2] = {0x3f80, 0x4000}, bfloat_uncond[2] = {0, 0x3f80};
  double wide_out[2];
  uint16_t out[2];
  eigenguide_method* method = parsed("cfg(scale=3)");
  eigenguide_call call = call_of(1, 2, wide, wide_uncond, wide_out);
  call.type = EIGENGUIDE_DOUBLE;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  CHECK(wide_out[0] == 3 && wide_out[1] == 4);
  call = call_of(1, 2, half, half_uncond, out);
  call.type = EIGENGUIDE_HALF;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  CHECK(out[0] == 0x4200 && out[1] == 0x4400);
  call = call_of(1, 2, bfloat, bfloat_uncond, out);
  call.type = EIGENGUIDE_BFLOAT16;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  CHECK(out[0] == 0x4040 && out[1] == 0x4080);
  call.type = 4;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`type` is 4"));
  eigenguide_method_free(method);
}

/* Floats whose sums lose what a method asks for, here which of two orthogonal predictions leads: TCFG. */
static void precision(void) {
  const float cond[2] = {1.0f, 0.001f}, uncond[2] = {0.0f, 1.0005f};
  const double c[2] = {cond[0], cond[1]}, u[2] = {uncond[0], uncond[1]};
  const double phi = 0.5 * atan2(2 * (c[0] * u[0] + c[1] * u[1]), c[0] * c[0] + c[1] * c[1] - u[0] * u[0] - u[1] * u[1]);
  float out[2];
  size_t i;
  eigenguide_method* method = parsed("tcfg(scale=2)");
  eigenguide_call call = call_of(1, 2, cond, uncond, out);
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i) CHECK(fabs(out[i] - (2 * c[i] - sin(phi) * (cos(phi) * c[i] + sin(phi) * u[i]))) < 1e-6);
  eigenguide_method_free(method);
}

/* Strides, scales of each sample, groups, a report, and a caller's threads. */
static void on_this_thread(void* context, size_t count, eigenguide_part part, const void* task) {
  ++*(int*)context;
  while (count > 0) part(task, --count);
}

static void options(void) {
  /* Two samples of [2, 3] (time, channels), 7 elements apart. */
  double cond[13], uncond[13], out[13];
  const double scales[2] = {2, 3}, of_groups[6] = {2, 3, 4, 5, 6, 7};
  static float many[2][300000], guided[2][300000];
  const size_t extents[3] = {2, 2, 3}, wrong[3] = {2, 3, 3}, of_one[3] = {1, 2, 3};
  const size_t half = (size_t)1 << sizeof(size_t) * 4, wraps[3] = {2, half, half};
  eigenguide_diagnostics report[6];
  eigenguide_method* method = parsed("cfg_zero_star(scale=1)");
  eigenguide_call call = call_of(2, 6, cond, uncond, out);
  size_t i, n, channel;
  int forks = 0;
  for (i = 0; i < 13; ++i) cond[i] = (double)(i % 5) - 1.5, uncond[i] = (double)(i % 7) + 0.25, out[i] = -9;
  call.type = EIGENGUIDE_DOUBLE;
  call.cond.stride = call.uncond.stride = call.out.stride = 7;
  call.scales = scales;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  for (n = 0; n < 2; ++n)
    for (i = 0; i < 6; ++i)
      CHECK(fabs(out[7 * n + i] - zero_star(cond + 7 * n, uncond + 7 * n, 6, 1, scales[n], i)) < 1e-12);
  CHECK(out[6] == -9);

  /* Each channel by itself, over time. */
  call.layout = "btc";
  call.each = "c";
  call.extents = extents;
  call.scales = of_groups;
  call.report = report;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  for (n = 0; n < 2; ++n)
    for (channel = 0; channel < 3; ++channel) {
      const double* c = cond + 7 * n + channel;
      const double* u = uncond + 7 * n + channel;
      const double scale = of_groups[3 * n + channel];
      CHECK(report[3 * n + channel].scale == scale && report[3 * n + channel].non_finite == 0);
      for (i = 0; i < 2; ++i) CHECK(fabs(out[7 * n + 3 * i + channel] - zero_star(c, u, 2, 3, scale, i)) < 1e-12);
    }
  call.extents = wrong;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`extents` is [2, 3, 3]"));
  call.extents = of_one;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`extents` is [1, 2, 3]"));
  call.extents = wraps;
  call.size = 0;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`extents` is [2, "));
  call.size = 6;
  call.extents = extents;
  call.layout = "b";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`layout` is 1; expected 2 to 8 dimensions"));
  call.layout = "btc";
  call.each = "w";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`group`"));

  /* A report that no memory can hold. */
  call = call_of(SIZE_MAX, 0, NULL, NULL, NULL);
  call.report = report;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OUT_OF_MEMORY && says("out of memory"));
  eigenguide_method_free(method);

  for (i = 0; i < 300000; ++i) many[0][i] = (float)(i % 11) - 4.0f, many[1][i] = (float)(i % 13) - 5.0f;
  method = parsed("cfg_zero_star(scale=5) | rescale(phi=0.7)");
  call = call_of(1, 300000, many[0], many[1], guided[0]);
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  call.out.data = guided[1];
  call.parallel_for = on_this_thread;
  call.parallel_context = &forks;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  CHECK(forks > 0 && memcmp(guided[0], guided[1], sizeof guided[0]) == 0);
  eigenguide_method_free(method);
}

/* Further predictions and states, and what may be left out. */
static void given(void) {
  double cond[2] = {3, 4}, uncond[2] = {1, 1}, perturbed[2] = {2, 2}, isolated[2] = {0.5, 0}, out[2], m[2] = {0, 0}, next[2];
  eigenguide_given all[3] = {
      {"perturbed", {NULL, 0}, {NULL, 0}, 0}, {"momentum", {NULL, 0}, {NULL, 0}, 0}, {"isolated", {NULL, 0}, {NULL, 0}, 0}};
  int32_t needed = -1;
  eigenguide_diagnostics found;
  eigenguide_method* method = parsed("cfg(scale=2) | perturbation(strength=3)");
  eigenguide_call call = call_of(1, 2, cond, uncond, out);
  call.type = EIGENGUIDE_DOUBLE;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`perturbed` is left out"));
  call.given = all;
  call.given_count = 2;
  all[0].values.data = perturbed;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  CHECK(out[0] == 1 + 2 * 2 + 3 * 1 && out[1] == 1 + 2 * 3 + 3 * 2);
  CHECK(eigenguide_method_needs(method, NULL, "perturbed", &needed, &error) == EIGENGUIDE_OK && needed == 1);
  CHECK(eigenguide_method_needs(method, NULL, "isolated", &needed, &error) == EIGENGUIDE_OK && needed == 0);
  CHECK(eigenguide_method_needs(method, NULL, "momentum", &needed, &error) == EIGENGUIDE_INVALID);
  eigenguide_method_free(method);

  /* m' = d + b m, twice; then without uncond at scale 1, where it is held. */
  method = parsed("momentum(momentum=0.5) | cfg(scale=2)");
  all[1].values.data = m;
  all[1].next.data = m;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && m[0] == 2 && m[1] == 3);
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && m[0] == 3 && m[1] == 4.5);
  CHECK(out[0] == cond[0] + 3);
  all[1].next.data = NULL;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && m[0] == 3 && out[0] == cond[0] + 2 + 1.5);
  eigenguide_method_free(method);
  method = parsed("momentum(momentum=0.5) | cfg(scale=1)");
  all[1].next.data = next;
  call.uncond.data = NULL;
  CHECK(eigenguide_method_needs(method, &call, "uncond", &needed, &error) == EIGENGUIDE_OK && needed == 0);
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && next[0] == 3 && next[1] == 4.5 && out[0] == 3);
  eigenguide_method_free(method);

  /* A report counts what is not finite of what is there and read, in memory of its own. */
  call.report = &found;
  cond[1] = NAN;
  method = parsed("momentum(momentum=0.5) | cfg(scale=1) | perturbation(strength=0)");
  call.uncond.data = NULL;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && found.non_finite == 1 && isnan(found.cosine));
  call.uncond.data = uncond;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && found.non_finite == 1 && isnan(found.cosine));
  eigenguide_method_free(method);
  cond[1] = 4;
  perturbed[0] = INFINITY;
  method = parsed("momentum(momentum=0.5) | cfg(scale=2) | perturbation(strength=3)");
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && found.non_finite == 1 && !isnan(found.cosine));
  eigenguide_method_free(method);
  method = parsed("momentum(momentum=0.5) | cfg(scale=2)"); /* does not read it */
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && found.non_finite == 0);
  eigenguide_method_free(method);
  perturbed[0] = 2;
  call.report = NULL;

  /* Both at once, and another prediction; the names, not the order, say which is which. */
  method = parsed("momentum(momentum=0.5) | cfg(scale=2) | perturbation(strength=3)");
  call.uncond.data = uncond;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && next[0] == 2 + 1.5 && out[0] == 3 + 3.5 + 3);
  eigenguide_method_free(method);
  method = parsed("momentum(momentum=0.5) | cfg(scale=2) | modality_isolation(scale=5) | perturbation(strength=3)");
  all[2].values.data = isolated;
  call.given_count = 3;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && next[0] == 2 + 1.5 && out[0] == 3 + 3.5 + 3 + 4 * 2.5);
  eigenguide_method_free(method);
  method = parsed("modality_isolation(scale=5) | perturbation(strength=3) | self_attention(strength=1)");
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`degraded` is left out"));
  all[1].name = "degraded";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("at most two further predictions and one state"));
  all[1].name = "momentum";
  call.given_count = 2;
  eigenguide_method_free(method);

  /* Two further prompts. */
  method = parsed("rectified_cfg_plus_plus(strength=0.5)");
  all[0].name = "prompt";
  all[2].name = "prompt_1";
  CHECK(eigenguide_method_needs(method, NULL, "prompt", &needed, &error) == EIGENGUIDE_OK && needed == 1);
  CHECK(eigenguide_method_needs(method, NULL, "prompt_1", &needed, &error) == EIGENGUIDE_OK && needed == 1);
  CHECK(eigenguide_method_needs(method, NULL, "uncond", &needed, &error) == EIGENGUIDE_OK && needed == 0);
  CHECK(eigenguide_method_needs(method, NULL, "prompt_2", &needed, &error) == EIGENGUIDE_INVALID &&
        says("one of cond, uncond, middle, perturbed, isolated, degraded, prompt, prompt_1, momentum, correction, average"));
  out[0] = -9;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`prompt_1` is left out") && out[0] == -9);
  call.given_count = 3;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && out[0] == 3 + 0.5 * (2 - 0.5) && out[1] == 4 + 0.5 * (2 - 0));
  all[0].values.data = NULL;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`prompt` is left out"));
  eigenguide_method_free(method);
  method = parsed("rectified_cfg_plus_plus");
  CHECK(eigenguide_method_needs(method, NULL, "prompt", &needed, &error) == EIGENGUIDE_OK && needed == 0);
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && out[0] == 3 && out[1] == 4);
  all[0].name = "perturbed";
  all[0].values.data = perturbed;
  all[2].name = "isolated";
  call.given_count = 2;
  eigenguide_method_free(method);

  /* A step that is zero needs nothing; scales of the call decide what is needed. */
  method = parsed("cfg(scale=2) | zero_init(steps=1)");
  call.count = 4;
  call.cond.data = call.uncond.data = NULL;
  out[0] = NAN;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && out[0] == 0 && out[1] == 0);
  call.step = 1;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`cond` is left out"));
  call.step = 4;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`step` is 4"));
  call.step = 1;
  call.scales = cond;
  CHECK(eigenguide_method_needs(method, &call, "uncond", &needed, &error) == EIGENGUIDE_OK && needed == 1);
  cond[0] = 1;
  CHECK(eigenguide_method_needs(method, &call, "uncond", &needed, &error) == EIGENGUIDE_OK && needed == 0);
  call.samples = 2; /* whichever of them it is that needs it */
  CHECK(eigenguide_method_needs(method, &call, "uncond", &needed, &error) == EIGENGUIDE_OK && needed == 1);
  call.samples = 1;
  eigenguide_method_free(method);

  /* Such a step leaves a state as it is, and says nothing of predictions that were not there. */
  method = parsed("momentum(momentum=0.5) | cfg(scale=2) | zero_init(steps=1)");
  call.step = 0;
  call.scales = NULL;
  call.report = &found;
  next[0] = -1;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && out[0] == 0 && next[0] == 3 && next[1] == 4.5);
  CHECK(found.scale == 2 && isnan(found.cosine) && found.non_finite == 0);
  eigenguide_method_free(method);

  /* The running average is the result itself until a step has fed it. */
  method = parsed("cfg(scale=2) | momentum_guidance(strength=3, ema=0.5)");
  cond[0] = 3;
  call = call_of(1, 2, cond, uncond, out);
  call.type = EIGENGUIDE_DOUBLE;
  call.step = 2;
  call.count = 4;
  call.given = all;
  call.given_count = 2;
  all[1].name = "average";
  all[1].values.data = m;
  all[1].next.data = next;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && out[0] == 5 && next[0] == 5);
  all[1].fed = 2;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && next[0] == 0.5 * 5 + 0.5 * 3);
  /* Without a run, neither a step nor what has been fed would be looked at. */
  call.count = 0;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`step` is 2"));
  CHECK(eigenguide_method_needs(method, &call, "uncond", &needed, &error) == EIGENGUIDE_INVALID && says("`step` is 2"));
  call.step = 0;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`fed` is 2"));
  all[1].fed = 0;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && next[0] == 5);
  eigenguide_method_free(method);
}

/* A state that keeps its value is held to what an advancing one is held to. */
static void held(void) {
  double memory[12] = {3, 4, 5, 6, 0, 0, 0, 0, 0, 0, 0, 0}; /* cond, state, nothing, next, out, nothing: two each */
  double *cond = memory, *m = memory + 2, *next = memory + 6, *out = memory + 8, uncond[2] = {1, 1};
  eigenguide_given given = {"momentum", {NULL, 0}, {NULL, 0}, 0};
  eigenguide_method* method = parsed("momentum(momentum=0.5) | cfg(scale=1) | zero_init(steps=1)");
  eigenguide_call call = call_of(1, 2, cond, NULL, out);
  size_t step, advancing;
  call.type = EIGENGUIDE_DOUBLE;
  call.count = 2;
  call.given = &given;
  call.given_count = 1;
  given.values.data = m;
  for (advancing = 0; advancing < 2; ++advancing) {
    call.uncond.data = advancing ? uncond : NULL;
    for (step = 0; step < 2; ++step) { /* of zero, and of cond */
      call.step = step;
      call.cond.data = step == 0 && !advancing ? NULL : cond;
      given.next.data = out;
      CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`next` is in the memory of `out`"));
      given.next.data = out + 1;
      CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`next` is partly in the memory of `out`"));
      given.next.data = m + 1;
      CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`next` is partly in the memory of `momentum`"));
      given.next.data = next;
      call.out.data = m + 1;
      CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`out` is partly in the memory of `momentum`"));
      call.out.data = out;
      if (call.cond.data == NULL) continue;
      given.next.data = cond + 1;
      CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`next` is partly in the memory of `cond`"));
    }
  }
  CHECK(memory[1] == 4 && memory[2] == 5 && memory[3] == 6 && out[0] == 0 && next[0] == 0);

  /* `out` may be where the state was, and `next` where an input was. */
  call.uncond.data = NULL;
  call.step = 1;
  call.cond.data = cond;
  call.out.data = m;
  given.next.data = cond;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && m[0] == 3 && m[1] == 4 && cond[0] == 5 && cond[1] == 6);
  call.step = 0;
  call.cond.data = NULL;
  given.next.data = next;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK && m[0] == 0 && m[1] == 0 && next[0] == 3 && next[1] == 4);
  eigenguide_method_free(method);
}

/* A v-model guided in x0, and a step of it. */
static void spaces(void) {
  const double x[2] = {1, -2}, cond[2] = {0.5, 2}, uncond[2] = {-1, 0.25};
  const eigenguide_level level = {0.8, 0.6}, to = {1.0, 0.0}, bad = {1.0, -1.0}, exploding = {1.0, 3.0};
  const eigenguide_level each_level[2] = {{0.8, 0.6}, {0.28, 0.96}}, clean[2] = {{1.0, 0.0}, {1.0, 0.0}};
  const double ones[2] = {1, 1};
  eigenguide_next next = {NULL, 0};
  double out[2], denoised[2], c, u;
  eigenguide_method* method = parsed("cfg_zero_star(scale=3)");
  eigenguide_call call = call_of(1, 2, cond, uncond, out);
  double x0[2][2];
  size_t i;
  for (i = 0; i < 2; ++i) x0[0][i] = 0.8 * x[i] - 0.6 * cond[i], x0[1][i] = 0.8 * x[i] - 0.6 * uncond[i];
  call.type = EIGENGUIDE_DOUBLE;
  call.model_kind = "v";
  call.method_kind = "sample";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`level_count` is 0"));
  call.levels = &level;
  call.level_count = 1;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`x` is null"));
  call.x.data = x;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i) CHECK(fabs(0.8 * x[i] - 0.6 * out[i] - zero_star(x0[0], x0[1], 2, 1, 3, i)) < 1e-12);

  call.out.data = denoised; /* the step to no noise is x0 itself */
  CHECK(eigenguide_step(method, &call, NULL, &error) == EIGENGUIDE_INVALID && says("`next` is null"));
  next.levels = &to;
  CHECK(eigenguide_step(method, &call, &next, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i) CHECK(fabs(denoised[i] - (0.8 * x[i] - 0.6 * out[i])) < 1e-12);

  /* CFG++: x0 of the guided, noise of the unconditional. */
  next.levels = &level;
  next.renoise_uncond = 1;
  CHECK(eigenguide_step(method, &call, &next, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i) {
    c = 0.8 * x[i] - 0.6 * out[i];
    u = 0.6 * x[i] + 0.8 * uncond[i];
    CHECK(fabs(denoised[i] - (0.8 * c + 0.6 * u)) < 1e-12);
  }
  call.uncond.data = NULL;
  CHECK(eigenguide_step(method, &call, &next, &error) == EIGENGUIDE_INVALID && says("`uncond` is left out"));
  call.uncond.data = uncond;

  /* Samples of one element, each at its own level: to no noise, of cond. */
  call.samples = 2;
  call.size = 1;
  call.level_count = 2;
  call.levels = each_level;
  call.scales = ones;
  next.levels = clean;
  next.renoise_uncond = 0;
  CHECK(eigenguide_step(method, &call, &next, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i)
    CHECK(fabs(denoised[i] - (each_level[i].alpha * x[i] - each_level[i].sigma * cond[i])) < 1e-12);
  /* F of EDM at sigma = 3, sigma_data = 4: x0 is (16 x + 12 F) / 25 with c_out = 3 * 4 / 5. */
  call.level_count = 1;
  call.levels = &exploding;
  call.model_kind = "edm";
  call.sigma_data = 4;
  next.levels = &to;
  CHECK(eigenguide_step(method, &call, &next, &error) == EIGENGUIDE_OK);
  for (i = 0; i < 2; ++i) CHECK(fabs(denoised[i] - (16.0 / 25.0 * x[i] + 12.0 / 5.0 * cond[i])) < 1e-12);
  call.samples = 1;
  call.size = 2;
  call.model_kind = "v";
  call.scales = NULL;
  call.levels = &bad;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`sigma` is -1"));
  call.model_kind = "w";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`kind` is `w`"));
  eigenguide_method_free(method);
}

static void errors(void) {
  float values[4] = {1, 2, 3, 4};
  eigenguide_given twice[2] = {{"momentum", {NULL, 0}, {NULL, 0}, 0}, {"momentum", {NULL, 0}, {NULL, 0}, 0}};
  eigenguide_call call = call_of(1, 3, values, values, values);
  char text[4096];
  size_t at, i;
  eigenguide_method* method = NULL;
  CHECK(eigenguide_method_parse("cgf(scale=3)", &method, &error) == EIGENGUIDE_INVALID && says("`cgf`") && method == NULL);
  CHECK(eigenguide_method_parse(NULL, &method, &error) == EIGENGUIDE_INVALID && says("`text` is null"));
  CHECK(eigenguide_method_parse("cfg", NULL, NULL) == EIGENGUIDE_INVALID);
  CHECK(eigenguide_guide(NULL, &call, &error) == EIGENGUIDE_INVALID && says("`method` is null"));
  /* A sentence is cut before a letter of two bytes (U+00E9), wherever it would be cut. */
  for (at = 0; at < 2; ++at) {
    memcpy(text, "cfg;;", 4 + at);
    for (i = 4 + at; i + 2 < sizeof text; i += 2) memcpy(text + i, "\xc3\xa9", 2);
    text[i] = '\0';
    CHECK(eigenguide_method_parse(text, &method, &error) == EIGENGUIDE_INVALID);
    i = strlen(error.message);
    CHECK(i + 2 >= sizeof error.message && (unsigned char)error.message[i - 1] == 0xa9);
  }
  method = parsed("cfg(scale=2)");
  CHECK(error.message[0] == '\0');
  CHECK(eigenguide_guide(method, NULL, &error) == EIGENGUIDE_INVALID && says("`call` is null"));
  call.out.data = values + 1;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`out` is partly in the memory of `cond`"));
  CHECK(values[1] == 2 && values[3] == 4);
  call.out.data = NULL;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`out` is null"));
  call.out.data = values;
  call.cond.stride = 2;
  call.samples = 2;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`stride` is 2"));
  call.samples = 1;
  call.given_count = 2;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`given` is null"));
  call.given = twice;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`momentum` twice"));
  twice[1].name = "mementum";
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID && says("`mementum`"));
  call.given_count = 0;
  call.samples = (size_t)-1;
  CHECK(eigenguide_guide(method, &call, &error) == EIGENGUIDE_INVALID);
  eigenguide_method_free(method);
  eigenguide_method_free(NULL);
}

int main(void) {
  CHECK(strcmp(eigenguide_version(), EXPECTED_VERSION) == 0);
  plain();
  types();
  precision();
  options();
  given();
  held();
  spaces();
  errors();
  printf("%d failures\n", failures);
  return failures != 0;
}
