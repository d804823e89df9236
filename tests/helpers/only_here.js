// Loaded into every Node program that tests run: no name but this machine's own is ever resolved.
const dns = require('node:dns');

const HERE = ['localhost', '127.0.0.1'];

dns.lookup = new Proxy(dns.lookup, {
  apply(lookup, self, given) {
    const [name] = given;
    if (HERE.includes(name)) return Reflect.apply(lookup, self, given);
    const refusal = Object.assign(new Error(`${name} is not this machine`), { code: 'ENOTFOUND' });
    return process.nextTick(given.at(-1), refusal);
  },
});
