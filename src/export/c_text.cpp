#include "export/c_source.h"

namespace handful::exporters {

const char kCTypes[] = R"c(enum kind { CONV, DEPTHWISE, MAX_POOL, ADD, GLOBAL_AVERAGE, DENSE };
enum activation { NONE, RELU, RELU6 };

/* A layer reads maps of in_h x in_w x in_c numbers, row by row and channels last, at `in` of the scratch memory, and
 * writes out_h x out_w x out_c at `out`; an ADD also reads `in2`. Its kernel, stored as (y, x, in, out) or, of a
 * DEPTHWISE, (y, x, channel), stands at `weights` in the list of all weights, its bias at `bias`; -1: there is none. */
struct layer {
  enum kind kind;
  int32_t in, in2, out;
  int32_t in_h, in_w, in_c, out_h, out_w, out_c;
  int32_t kernel, stride;
  enum activation activation;
  int32_t weights, bias;
};
)c";

const char kCLoops[] = R"c(
static float scratch[SCRATCH];

static float activate(enum activation activation, float value) {
  if (activation == NONE) return value;
  if (value < 0.0f) return 0.0f;
  return activation == RELU6 && value > 6.0f ? 6.0f : value;
}

/* TensorFlow's SAME: zeros before the first row or column; what is odd goes behind the last. */
static int32_t padding(int32_t in, int32_t out, int32_t kernel, int32_t stride) {
  const int32_t missing = (out - 1) * stride + kernel - in;
  return missing > 0 ? missing / 2 : 0;
}

/* The rows (or columns) of a kernel that lie inside, for one row (or column) of the output. */
static void inside(int32_t at, int32_t size, int32_t kernel, int32_t *first, int32_t *last) {
  *first = at < 0 ? -at : 0;
  *last = at + kernel > size ? size - at : kernel;
}

static void run_windows(const struct layer *l, const float *in, float *out) {
  const float *kernel = l->weights < 0 ? 0 : weights.values + l->weights;
  const int32_t top = padding(l->in_h, l->out_h, l->kernel, l->stride);
  const int32_t left = padding(l->in_w, l->out_w, l->kernel, l->stride);
  int32_t y, x, ky, kx, c, o, ky0, ky1, kx0, kx1;
  for (y = 0; y < l->out_h; ++y) {
    inside(y * l->stride - top, l->in_h, l->kernel, &ky0, &ky1);
    for (x = 0; x < l->out_w; ++x, out += l->out_c) {
      inside(x * l->stride - left, l->in_w, l->kernel, &kx0, &kx1);
      for (o = 0; o < l->out_c; ++o) {
        out[o] = l->kind == MAX_POOL ? -FLT_MAX : l->bias < 0 ? 0.0f : weights.values[l->bias + o];
      }
      for (ky = ky0; ky < ky1; ++ky) {
        for (kx = kx0; kx < kx1; ++kx) {
          const int32_t row = y * l->stride - top + ky, column = x * l->stride - left + kx;
          const float *from = in + (row * l->in_w + column) * l->in_c;
          const int32_t tap = ky * l->kernel + kx;
          if (l->kind == MAX_POOL) {
            for (c = 0; c < l->in_c; ++c) out[c] = from[c] > out[c] ? from[c] : out[c];
          } else if (l->kind == DEPTHWISE) {
            for (c = 0; c < l->in_c; ++c) out[c] += from[c] * kernel[tap * l->in_c + c];
          } else {
            for (c = 0; c < l->in_c; ++c) {
              const float *w = kernel + (tap * l->in_c + c) * l->out_c;
              for (o = 0; o < l->out_c; ++o) out[o] += from[c] * w[o];
            }
          }
        }
      }
      for (o = 0; o < l->out_c; ++o) out[o] = activate(l->activation, out[o]);
    }
  }
}

static void run_dense(const struct layer *l, const float *in, float *out) {
  const int32_t inputs = l->in_h * l->in_w * l->in_c;
  int32_t i, o;
  for (o = 0; o < l->out_c; ++o) out[o] = l->bias < 0 ? 0.0f : weights.values[l->bias + o];
  for (i = 0; i < inputs; ++i) {
    const float *w = weights.values + l->weights + i * l->out_c;
    for (o = 0; o < l->out_c; ++o) out[o] += in[i] * w[o];
  }
  for (o = 0; o < l->out_c; ++o) out[o] = activate(l->activation, out[o]);
}

static void run_add(const struct layer *l, const float *a, const float *b, float *out) {
  const int32_t count = l->out_h * l->out_w * l->out_c;
  int32_t i;
  for (i = 0; i < count; ++i) out[i] = activate(l->activation, a[i] + b[i]);
}

static void run_global_average(const struct layer *l, const float *in, float *out) {
  const int32_t pixels = l->in_h * l->in_w;
  int32_t i, c;
  for (c = 0; c < l->out_c; ++c) {
    float sum = 0.0f;
    for (i = 0; i < pixels; ++i) sum += in[i * l->in_c + c];
    out[c] = sum / (float)pixels;
  }
}

void handful_classify(const uint8_t *pixels_rgb8, float *probabilities) {
  const struct layer *last = &layers[LAYERS - 1];
  const float *logits = scratch + last->out;
  float largest = -FLT_MAX, sum = 0.0f;
  int32_t i;
  for (i = 0; i < HANDFUL_HEIGHT * HANDFUL_WIDTH * 3; ++i) {
    scratch[layers[0].in + i] = (float)pixels_rgb8[i] * INPUT_SCALE + INPUT_OFFSET;
  }
  for (i = 0; i < LAYERS; ++i) {
    const struct layer *l = &layers[i];
    float *out = scratch + l->out;
    const float *in = scratch + l->in;
    switch (l->kind) {
      case DENSE: run_dense(l, in, out); break;
      case ADD: run_add(l, in, scratch + l->in2, out); break;
      case GLOBAL_AVERAGE: run_global_average(l, in, out); break;
      default: run_windows(l, in, out); break;
    }
  }
  for (i = 0; i < HANDFUL_CLASSES; ++i) largest = logits[i] > largest ? logits[i] : largest;
  for (i = 0; i < HANDFUL_CLASSES; ++i) sum += probabilities[i] = expf(logits[i] - largest);
  for (i = 0; i < HANDFUL_CLASSES; ++i) probabilities[i] /= sum;
}
)c";

const char kCSample[] = R"c(/* Runs the model on the golden pictures and checks Handful's own answers.
 *   cc -std=c99 -O2 -o sample sample.c handful_model.c -lm && ./sample
 * golden.bin: how many pictures there are (4 bytes, the lowest first), then of each its HANDFUL_HEIGHT x HANDFUL_WIDTH
 * pixels (R, G, B) and the probability of each class (float32, the lowest byte first). */
#include <math.h>
#include <stdio.h>

#include "handful_model.h"

static uint8_t pixels[HANDFUL_HEIGHT * HANDFUL_WIDTH * 3];
static uint8_t expected_bytes[HANDFUL_CLASSES * 4];

static uint32_t number_at(const uint8_t *bytes) {
  return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

int main(void) {
  FILE *file = fopen("golden.bin", "rb");
  uint8_t head[4];
  uint32_t count, i;
  float largest = 0.0f;
  if (file == NULL || fread(head, 1, sizeof head, file) != sizeof head) {
    fprintf(stderr, "golden.bin cannot be read\n");
    return 1;
  }
  count = number_at(head);
  for (i = 0; i < count; ++i) {
    float probabilities[HANDFUL_CLASSES];
    int c, first = 0;
    if (fread(pixels, 1, sizeof pixels, file) != sizeof pixels ||
        fread(expected_bytes, 1, sizeof expected_bytes, file) != sizeof expected_bytes) {
      fprintf(stderr, "golden.bin is cut short\n");
      return 1;
    }
    handful_classify(pixels, probabilities);
    for (c = 0; c < HANDFUL_CLASSES; ++c) {
      union { uint32_t bits; float value; } expected;
      float difference;
      expected.bits = number_at(expected_bytes + 4 * c);
      difference = fabsf(probabilities[c] - expected.value);
      if (!(difference <= largest)) largest = difference;
      if (probabilities[c] > probabilities[first]) first = c;
    }
    printf("picture %u: %s %.1f %%\n", (unsigned)i, handful_classes[first], 100.0 * probabilities[first]);
  }
  fclose(file);
  printf("largest difference to Handful's own probabilities: %g\n", largest);
  if (count == 0 || !(largest <= 1e-4f)) {
    fprintf(stderr, "the model answers otherwise than in Handful\n");
    return 1;
  }
  return 0;
}
)c";

const char kCSketch[] =
    R"c(// How a board would use the model: put this file, handful_model.h and handful_model.c into one sketch folder, and write
// take_picture for the camera that is there. README.md says how much memory the model needs.
#include "handful_model.h"

static uint8_t pixels[HANDFUL_HEIGHT * HANDFUL_WIDTH * 3];
static float probabilities[HANDFUL_CLASSES];

// Fills `pixels`, rows from the top, three bytes (R, G, B) each. Here all is grey: no camera is known.
static void take_picture() {
  for (unsigned long i = 0; i < sizeof pixels; ++i) pixels[i] = 128;
}

void setup() { Serial.begin(115200); }

void loop() {
  take_picture();
  handful_classify(pixels, probabilities);
  int first = 0;
  for (int c = 1; c < HANDFUL_CLASSES; ++c) {
    if (probabilities[c] > probabilities[first]) first = c;
  }
  Serial.print(handful_classes[first]);
  Serial.print(' ');
  Serial.println(probabilities[first]);
}
)c";

}  // namespace handful::exporters
