// Scenarios with jsforce; each answers what the Python test of its name looks at.
//
//     node jsforce.js SCENARIO ADDRESS TOKENS     TOKENS: the answer of /__control__/connections

const jsforce = require('jsforce');

const [, , scenario, address, given] = process.argv;
const tokens = JSON.parse(given);
const LEAD = { LastName: 'Ivanenko', Company: 'Acme' };

const oauth2 = {
  loginUrl: address,
  clientId: 'key-1',
  clientSecret: 'secret-1',
  redirectUri: 'http://portal.test/callback',
};

function connect() {
  const connection = new jsforce.Connection({
    oauth2,
    instanceUrl: address,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token,
    version: '66.0',
  });
  // As its users do where refresh tokens rotate: jsforce itself keeps the old one.
  connection.on('refresh', (_, answer) => {
    connection.refreshToken = answer.refresh_token;
  });
  return connection;
}

const control = (path, method = 'POST') => fetch(`${address}/__control__/${path}`, { method });

async function failure(work) {
  try {
    await work();
  } catch (error) {
    return { name: error.name, errorCode: error.errorCode, message: error.message };
  }
  throw new Error('nothing was refused');
}

const scenarios = {
  async tokens(connection) {
    const seen = [tokens.refresh_token];
    for (let round = 0; round < 2; round += 1) {
      await control('orgs/Acme/expire-sessions');
      await connection.limits();
      seen.push(connection.refreshToken);
    }
    const identity = await connection.identity();
    await connection.logout(true);
    connection.accessToken = tokens.access_token;
    const revoked = await failure(() => connection.oauth2.refreshToken(seen.at(-1)));
    return { different: new Set(seen).size, username: identity.username, revoked };
  },

  async queries(connection) {
    const leads = Array.from({ length: 450 }, (_, n) => ({ ...LEAD, LastName: `L${n}` }));
    await connection.sobject('Lead').create(leads, { allowRecursive: true });
    const all = await connection.query('SELECT LastName FROM Lead ORDER BY LastName', {
      autoFetch: true,
      maxFetch: 1000,
      headers: { 'Sforce-Query-Options': 'batchSize=200' },
    });
    const built = await connection
      .sobject('Lead')
      .find({ LastName: { $like: 'L44%' }, CreatedDate: { $gte: new jsforce.SfDate('TODAY') } })
      .sort({ LastName: -1 })
      .limit(2);
    const grouped = await connection.query('SELECT Company, COUNT(Id) FROM Lead GROUP BY Company');
    const plan = await connection.query('SELECT Id FROM Lead').explain();
    return {
      fetched: new Set(all.records.map((lead) => lead.LastName)).size,
      total: all.totalSize,
      built: built.map((lead) => lead.LastName),
      grouped: grouped.records[0],
      plan: plan.plans[0].leadingOperationType,
    };
  },

  async describe(connection) {
    const lead = await connection.sobject('Lead').describe();
    const everything = await connection.describeGlobal();
    const limits = await connection.limits();
    return {
      prefix: lead.keyPrefix,
      fields: lead.fields.map((field) => field.name),
      objects: everything.sobjects.map((object) => object.name),
      calls: limits.DailyApiRequests.Max,
      counted: connection.limitInfo.apiUsage.limit,
    };
  },

  async records(connection) {
    const leads = connection.sobject('Lead');
    const { id } = await leads.create(LEAD);
    await leads.update({ Id: id, Phone: '+380441234567' });
    const read = await leads.retrieve(id);
    const first = await leads.upsert({ ...LEAD, UniTalk_Key__c: 'k-1' }, 'UniTalk_Key__c');
    const again = { LastName: 'Bondar', UniTalk_Key__c: 'k-1' };
    const second = await leads.upsert(again, 'UniTalk_Key__c');
    const found = await connection.search('FIND {380441234567} IN PHONE FIELDS RETURNING Lead(Id)');
    const anything = await connection.search('FIND {Bondar}');
    await leads.destroy(id);
    const hour = 3_600_000;
    const [start, end] = [new Date(Date.now() - hour), new Date(Date.now() + hour)];
    const updated = await leads.updated(start, end);
    const deleted = await leads.deleted(start, end);
    return {
      updated: updated.ids.map((one) => one === first.id),
      deleted: deleted.deletedRecords.map((one) => one.id === id),
      recent: await connection.recent(5),
      phone: read.Phone,
      created: [first.created, second.created],
      same: first.id === second.id,
      found: found.searchRecords.map((record) => record.Id === id),
      anything: anything.searchRecords.map((record) => record.attributes.type),
      gone: await failure(() => leads.retrieve(id)),
    };
  },

  async collections(connection) {
    const leads = connection.sobject('Lead');
    const saved = await leads.create([LEAD, { LastName: 'No company' }], { allOrNone: false });
    const ids = saved.filter((row) => row.success).map((row) => row.id);
    const read = await leads.retrieve(ids);
    const composite = await connection.requestPost('/composite', {
      compositeRequest: [
        { method: 'GET', url: `/services/data/v66.0/sobjects/Lead/${ids[0]}`, referenceId: 'lead' },
        {
          method: 'POST',
          url: '/services/data/v66.0/sobjects/Task',
          referenceId: 'task',
          body: { Subject: 'Call', WhoId: '@{lead.Id}' },
        },
      ],
    });
    const removed = await leads.destroy(ids);
    return {
      saved: saved.map((row) => row.success),
      wrong: saved[1].errors[0].statusCode,
      read: read.map((lead) => lead.LastName),
      composite: composite.compositeResponse.map((answer) => answer.httpStatusCode),
      removed: removed.map((row) => row.success),
    };
  },

  async errors(connection) {
    const leads = connection.sobject('Lead');
    const refused = {
      missing: await failure(() => leads.create({})),
      query: await failure(() => connection.query('SELECT Nope FROM Lead')),
      undefined: await failure(() => leads.retrieve('undefined')),
      id: await failure(() => connection.requestPost('/sobjects/Lead', { ...LEAD, Id: '1' })),
    };
    await control('orgs/Acme/revoke');
    return { ...refused, revoked: await failure(() => leads.create(LEAD)) };
  },
};

scenarios[scenario](connect()).then((answer) => console.log(JSON.stringify(answer)));
