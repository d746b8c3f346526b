// What the page asks of its server; addresses and answers are those of preview/site.py.

async function asked(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error("the preview is gone; start it again and reload this page");
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => ({}));
  throw new Error(body.error ?? `the preview answered ${response.status}`);
}

export const character = async () => (await asked("character.glb")).arrayBuffer();

export const catalog = async () => (await asked("catalog")).json();

export const takes = async () => (await asked("takes")).json();

export const makeTake = async (file, options) =>
  (await asked(`takes?${new URLSearchParams({ name: file.name, ...options })}`, { method: "POST", body: file })).json();

export const makeAgain = async (id, options) =>
  (await asked(`takes?${new URLSearchParams({ of: id, ...options })}`, { method: "POST" })).json();

export const removeTake = async (id) => asked(`takes/${id}`, { method: "DELETE" });

export const motion = async (id) => (await asked(`takes/${id}/motion`)).arrayBuffer();

export const speech = async (id, name = "speech") => (await asked(`takes/${id}/${name}`)).blob();

export async function file(id, format, skeleton) {
  const response = await asked(`takes/${id}/files/${format}?${new URLSearchParams({ skeleton })}`);
  const name = response.headers.get("Content-Disposition").split("UTF-8''")[1];
  return { name: decodeURIComponent(name), blob: await response.blob() };
}
