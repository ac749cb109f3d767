#version 300 es
// One triangle over the whole target; drawn with 3 vertices and no attributes.
//
// Inputs   gl_VertexID 0, 1, 2
// Outputs  gl_Position
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}
