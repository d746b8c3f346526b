// node validate.mjs FILE...: Khronos' glTF validator; prints {file: {errors, warnings, messages}}.
import { readFileSync } from "node:fs";
import validator from "gltf-validator";

const found = {};
for (const file of process.argv.slice(2)) {
  const { issues } = await validator.validateBytes(new Uint8Array(readFileSync(file)));
  found[file] = { errors: issues.numErrors, warnings: issues.numWarnings, messages: issues.messages.slice(0, 20) };
}
console.log(JSON.stringify(found));
