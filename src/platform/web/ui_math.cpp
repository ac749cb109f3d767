// The user interface's few sines and powers, by the browser's: libm's exact reduction of large angles alone is 4 KB.
#include <cmath>

#include <emscripten/em_math.h>

extern "C" {
float sinf(float x) { return static_cast<float>(emscripten_math_sin(static_cast<double>(x))); }
float cosf(float x) { return static_cast<float>(emscripten_math_cos(static_cast<double>(x))); }
float acosf(float x) { return static_cast<float>(emscripten_math_acos(static_cast<double>(x))); }
double pow(double base, double exponent) { return emscripten_math_pow(base, exponent); }
}
