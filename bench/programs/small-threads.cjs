// Before any other thread is started: V8's own choice of how large a young generation begins.
require('node:v8').setFlagsFromString('--min-semi-space-size=0');
