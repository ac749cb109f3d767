#version 300 es
// Crops a picture and resizes it to the square that a network sees: the arithmetic of src/image/crop.cpp and resize.cpp,
// so that a camera's frame becomes the pixels that the same frame as a file would become (± 1 of 255: sums are 32-bit floats
// in another order).
//
// The filter is antialiased bilinear: a triangle whose base is two source pixels when enlarging and two target pixels when
// shrinking, its weights normalised, with the edge pixels repeated beyond the edge. What is more than four times too large
// is first averaged in boxes of whole pixels, each mean rounded to 8 bits.
//
// Inputs   u_picture  RGBA8, any size, top row first (texel row 0)
//          u_crop     x, y, width, height of the part that counts, in texels
//          u_box      width and height of a box; 1, 1: none
//          u_target   x, y, width, height of what that part becomes, in pixels of the framebuffer
//          u_border   of what lies outside u_target, 0 to 1
//          gl_FragCoord: row 0 of the framebuffer is the picture's top row
// Outputs  color      RGB and an alpha of 1
precision highp float;
precision highp int;

uniform highp sampler2D u_picture;
uniform ivec4 u_crop;
uniform ivec2 u_box;
uniform ivec4 u_target;
uniform float u_border;

out vec4 color;

// The mean of one box, as 8 bits would hold it, 0 to 1; boxes at the right and lower edge may be smaller.
vec3 Box(ivec2 at) {
  if (u_box == ivec2(1)) return texelFetch(u_picture, u_crop.xy + at, 0).rgb;
  ivec2 first = at * u_box;
  ivec2 last = min(first + u_box, u_crop.zw);
  uvec3 sum = uvec3(0);
  for (int y = first.y; y < last.y; ++y) {
    for (int x = first.x; x < last.x; ++x) sum += uvec3(texelFetch(u_picture, u_crop.xy + ivec2(x, y), 0).rgb * 255.0 + 0.5);
  }
  uint area = uint((last.x - first.x) * (last.y - first.y));
  return vec3((sum + area / 2u) / area) / 255.0;
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy) - u_target.xy;
  if (any(lessThan(pixel, ivec2(0))) || any(greaterThanEqual(pixel, u_target.zw))) {
    color = vec4(vec3(u_border), 1.0);
    return;
  }
  ivec2 boxes = (u_crop.zw + u_box - 1) / u_box;
  vec2 step_boxes = vec2(u_crop.zw) / vec2(u_box) / vec2(u_target.zw);  // from one target pixel to the next
  vec2 radius = max(step_boxes, vec2(1.0));
  vec2 center = (vec2(pixel) + 0.5) * step_boxes;
  // Those whose centres lie within the radius.
  ivec2 first = ivec2(ceil(center - radius - 0.5));
  ivec2 last = ivec2(floor(center + radius - 0.5));
  vec3 sum = vec3(0.0);
  float weights = 0.0;
  for (int y = first.y; y <= last.y; ++y) {
    float weight_y = 1.0 - abs(float(y) + 0.5 - center.y) / radius.y;
    for (int x = first.x; x <= last.x; ++x) {
      float weight = weight_y * (1.0 - abs(float(x) + 0.5 - center.x) / radius.x);
      sum += weight * Box(clamp(ivec2(x, y), ivec2(0), boxes - 1));
      weights += weight;
    }
  }
  color = vec4(sum / weights, 1.0);
}
