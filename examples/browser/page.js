// A page that reads and changes canisters, and believes only what the network's root key vouches for.
import { Actor, Certificate, HttpAgent, lookupResultToBuffer } from '@icp-sdk/core/agent';
import { Principal } from '@icp-sdk/core/principal';

const show = (id, text) => { document.getElementById(id).textContent = text; };

/** `network.json` and `canisters.json` of the network's folder, copied beside this page. */
const read = async (file) => (await fetch(file)).json();
const [network, canisters] = await Promise.all([read('network.json'), read('canisters.json')]);

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const rootKey = bytes(network.rootKey);
const node = network.nodes.find((one) => one.pid !== null);
show('node', node.http);

// The root key comes from the file and not from the node that is asked: no `fetchRootKey`.
const agent = await HttpAgent.create({ host: node.http, rootKey });

const counter = Actor.createActor(
  ({ IDL }) =>
    IDL.Service({ inc: IDL.Func([], [IDL.Nat], []), get: IDL.Func([], [IDL.Nat], ['query']) }),
  { agent, canisterId: canisters.counter },
);
const certified = Actor.createActor(
  ({ IDL }) =>
    IDL.Service({
      get: IDL.Func(
        [],
        [IDL.Record({ value: IDL.Text, certificate: IDL.Opt(IDL.Vec(IDL.Nat8)) })],
        ['query'],
      ),
    }),
  { agent, canisterId: canisters.certified },
);

/** The certified value, or an error when its certificate does not prove it. */
async function provedValue() {
  const canisterId = Principal.fromText(canisters.certified);
  const { value, certificate } = await certified.get();
  const proof = await Certificate.create({
    certificate: Uint8Array.from(certificate[0]),
    rootKey,
    principal: { canisterId },
  });
  const data = lookupResultToBuffer(
    proof.lookup_path(['canister', canisterId.toUint8Array(), 'certified_data']),
  );
  if (new TextDecoder().decode(data) !== value) {
    throw new Error('The certificate is for another value');
  }
  return value;
}

async function attempt(task) {
  show('failed', '');
  try {
    await task();
  } catch (error) {
    show('failed', String(error));
  }
}

const button = document.getElementById('inc');
button.onclick = () =>
  attempt(async () => {
    button.disabled = true;
    show('said', 'Asking the subnet …');
    try {
      show('count', await counter.inc());
      show('said', 'The reply is certified.');
    } finally {
      button.disabled = false;
    }
  });

await attempt(async () => {
  show('count', await counter.get());
  show('certified', `${await provedValue()} (proved)`);
});
button.disabled = false;
