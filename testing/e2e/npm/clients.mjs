// One life of a Motoko canister through one node, with an unmodified npm client that verifies everything itself.
//   node clients.mjs --library icp-sdk|dfinity --wasm FILE --url http://127.0.0.1:PORT --ecid CANISTER_ID
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values: option } = parseArgs({
  options: {
    library: { type: 'string' },
    wasm: { type: 'string' },
    url: { type: 'string' },
    ecid: { type: 'string' },
  },
});

const libraries = {
  'icp-sdk': async () => ({
    ...(await import('@icp-sdk/core/agent')),
    ...(await import('@icp-sdk/core/candid')),
    ...(await import('@icp-sdk/core/principal')),
    ...(await import('@icp-sdk/core/identity')),
  }),
  dfinity: async () => ({
    ...(await import('@dfinity/agent')),
    ...(await import('@dfinity/candid')),
    ...(await import('@dfinity/principal')),
    ...(await import('@dfinity/identity')),
  }),
};
const { Actor, CanisterStatus, Ed25519KeyIdentity, HttpAgent, IDL, Principal } =
  await libraries[option.library]();

const management = ({ IDL }) => {
  const settings = IDL.Record({ controllers: IDL.Opt(IDL.Vec(IDL.Principal)) });
  const mode = IDL.Variant({
    install: IDL.Null,
    reinstall: IDL.Null,
    upgrade: IDL.Opt(
      IDL.Record({
        skip_pre_upgrade: IDL.Opt(IDL.Bool),
        wasm_memory_persistence: IDL.Opt(IDL.Variant({ keep: IDL.Null, replace: IDL.Null })),
      }),
    ),
  });
  const target = IDL.Record({ canister_id: IDL.Principal });
  return IDL.Service({
    provisional_create_canister_with_cycles: IDL.Func(
      [
        IDL.Record({
          amount: IDL.Opt(IDL.Nat),
          settings: IDL.Opt(settings),
          specified_id: IDL.Opt(IDL.Principal),
        }),
      ],
      [target],
      [],
    ),
    install_code: IDL.Func(
      [
        IDL.Record({
          mode,
          canister_id: IDL.Principal,
          wasm_module: IDL.Vec(IDL.Nat8),
          arg: IDL.Vec(IDL.Nat8),
        }),
      ],
      [],
      [],
    ),
    canister_status: IDL.Func(
      [target],
      [
        IDL.Record({
          status: IDL.Variant({ running: IDL.Null, stopping: IDL.Null, stopped: IDL.Null }),
          module_hash: IDL.Opt(IDL.Vec(IDL.Nat8)),
          cycles: IDL.Nat,
          memory_size: IDL.Nat,
        }),
      ],
      [],
    ),
    stop_canister: IDL.Func([target], [], []),
    start_canister: IDL.Func([target], [], []),
    delete_canister: IDL.Func([target], [], []),
  });
};

const counterInterface = ({ IDL }) => {
  const peer = IDL.Service({
    inc: IDL.Func([], [IDL.Nat], []),
    boom: IDL.Func([], [], []),
  });
  return IDL.Service({
    inc: IDL.Func([], [IDL.Nat], []),
    get: IDL.Func([], [IDL.Nat], ['query']),
    ticked: IDL.Func([], [IDL.Nat], ['query']),
    echo: IDL.Func([IDL.Text], [IDL.Text], ['query']),
    whoami: IDL.Func([], [IDL.Principal], ['query']),
    boom: IDL.Func([], [], []),
    twice: IDL.Func([], [IDL.Nat], []),
    incOther: IDL.Func([peer], [IDL.Nat], []),
    boomOther: IDL.Func([peer], [IDL.Text], []),
    tickAfter: IDL.Func([IDL.Nat64], [], []),
  });
};

const identity = Ed25519KeyIdentity.generate();
const agent = await HttpAgent.create({
  host: option.url,
  identity,
  shouldFetchRootKey: true, // A local network has a root key of its own.
  verifyQuerySignatures: true,
});

const managementCanister = (effectiveCanisterId) =>
  Actor.createActor(management, {
    agent,
    canisterId: Principal.fromHex(''),
    callTransform: (_method, _args, config) => ({ ...config, effectiveCanisterId }),
    queryTransform: (_method, _args, config) => ({ ...config, effectiveCanisterId }),
  });

async function create(start) {
  const { canister_id: id } = await managementCanister(
    Principal.fromText(option.ecid),
  ).provisional_create_canister_with_cycles({
    amount: [100_000_000_000_000n],
    settings: [],
    specified_id: [],
  });
  await install(id, { install: null }, start);
  return id;
}

async function install(id, mode, start) {
  await managementCanister(id).install_code({
    mode,
    canister_id: id,
    wasm_module: new Uint8Array(readFileSync(option.wasm)),
    arg: IDL.encode([IDL.Nat], [start]),
  });
}

const actor = (id) => Actor.createActor(counterInterface, { agent, canisterId: id });
const step = (text) => console.log(`ok ${text}`);

const id = await create(5n);
const counter = actor(id);
step(`created and installed ${id}`);

assert.equal(await counter.get(), 5n);
assert.equal(await counter.inc(), 6n);
assert.equal(await counter.inc(), 7n);
assert.equal(await counter.get(), 7n);
step('updates and queries agree');

assert.equal(await counter.echo('grüezi'), 'grüezi');
assert.equal((await counter.whoami()).toText(), identity.getPrincipal().toText());
step('the query signature is verified and the caller is known');

await assert.rejects(counter.boom(), /trap|assertion|IC0503|IC0502/i);
assert.equal(await counter.get(), 7n);
step('a trap is reported and leaves no trace');

assert.equal(await counter.twice(), 9n);
step('a canister awaits a call to itself');

const other = await create(100n);
assert.equal(await counter.incOther(other), 101n);
assert.match(await counter.boomOther(other), /trap|assertion/i);
assert.equal(await actor(other).get(), 101n);
step('a canister calls another and catches its trap');

await counter.tickAfter(1n);
for (let tries = 0; (await counter.ticked()) === 0n; tries++) {
  assert.ok(tries < 100, 'the timer did not fire within 20 s');
  await new Promise((resolve) => setTimeout(resolve, 200));
}
step('a timer fires');

const keep = {
  upgrade: [{ skip_pre_upgrade: [], wasm_memory_persistence: [{ keep: null }] }],
};
const plain = { upgrade: [] };
await install(id, option.wasm.includes('motoko4') ? keep : plain, 0n);
assert.equal(await counter.get(), 9n);
step('an upgrade keeps the state');

const status = await CanisterStatus.request({
  agent,
  canisterId: id,
  paths: ['time', 'controllers', 'module_hash', 'candid'],
});
assert.deepEqual(
  status.get('controllers').map((p) => p.toText()),
  [identity.getPrincipal().toText()],
);
assert.match(status.get('candid'), /tickAfter/);
assert.match(status.get('module_hash'), /^(0x)?[0-9a-f]{64}$/);
step('read_state shows controllers, module hash and interface');

const manage = managementCanister(id);
assert.ok('running' in (await manage.canister_status({ canister_id: id })).status);
await manage.stop_canister({ canister_id: id });
await assert.rejects(counter.inc(), /stopped|IC0508/i);
await manage.start_canister({ canister_id: id });
assert.equal(await counter.inc(), 10n);
await manage.stop_canister({ canister_id: id });
await manage.delete_canister({ canister_id: id });
await assert.rejects(counter.get(), /not found|IC0301/i);
step('stopped, started, deleted');
console.log('PASSED');
