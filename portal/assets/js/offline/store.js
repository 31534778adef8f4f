// IndexedDB: `forms` is what a form needs without signal, `readings` are the drafts that wait.

const open = () => new Promise((resolve, reject) => {
  const request = indexedDB.open("cabinet", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("forms", { keyPath: "link" });
    request.result.createObjectStore("readings", { keyPath: "id" });
  };
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function run(store, mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(store, mode);
      const request = work(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const all = (store) => run(store, "readonly", (records) => records.getAll());
export const get = (store, key) => run(store, "readonly", (records) => records.get(key));
export const put = (store, record) => run(store, "readwrite", (records) => records.put(record));
export const remove = (store, key) => run(store, "readwrite", (records) => records.delete(key));

// Only of a reading that is still there: what was deleted meanwhile must not come back.
export const change = (id, fields) => run("readings", "readwrite", (records) => {
  const request = records.get(id);
  request.onsuccess = () => {
    if (request.result) records.put(Object.assign(request.result, fields));
  };
  return request;
});
