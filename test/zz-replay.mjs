import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { DatabaseSync } from 'node:sqlite';
import { rmSync, existsSync } from 'node:fs';
import { sampleEvent } from './bench/event-store/sample-event.ts';
rmSync('/tmp/es-r',{recursive:true,force:true});
const file='/tmp/es-r/a.db';
const s=await openSqliteEventStore({file});
for(let i=0;i<40;i++){ await Promise.all(Array.from({length:1000},(_,k)=>s.append('run-'+(k%100),[sampleEvent(k)],'any'))); }
const N=40000;
const time=async(n,f)=>{ const r=[]; for(let i=0;i<8;i++){const t=performance.now(); await f(); r.push(performance.now()-t);} console.log(n.padEnd(30), (N/Math.min(...r)).toFixed(0)+'k/s'); };
const db=new DatabaseSync(file);
const q='SELECT e.position, s.name AS stream, e.revision, e.type, e.recorded_at AS recordedAt, e.id, e.metadata, e.data FROM events e CROSS JOIN streams s ON s.key = e.stream_key WHERE e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?';
const st=db.prepare(q);
const run=(size,get,parse)=>()=>{ let p=0,n=0; for(;;){ const rows=get(p,size); if(!rows.length)break; for(const r of rows){ if(parse){JSON.parse(r.data);JSON.parse(r.metadata);} n++; p=r.position;} } if(n!==N) throw n; };

const st2=db.prepare(q); st2.setReturnArrays?.(true);
const st3=db.prepare(q.replace('e.metadata, e.data',"'[' || e.metadata || ',' || e.data || ']' AS body"));
const gen=async function*(size,get,make){ let p=0; for(;;){ const rows=await get(p,size); if(!rows.length)return; for(const r of rows){ yield make(r);} p=rows.at(-1).position??rows.at(-1)[0]; } };
const mk=r=>({stream:r.stream,revision:r.revision,position:String(r.position),id:r.id,type:r.type,recordedAt:r.recordedAt,data:JSON.parse(r.data),metadata:JSON.parse(r.metadata)});
const mka=r=>({stream:r[1],revision:r[2],position:String(r[0]),id:r[5],type:r[3],recordedAt:r[4],data:JSON.parse(r[7]),metadata:JSON.parse(r[6])});
for (let k=0;k<2;k++){
await time('all 256', run(256,(p,z)=>st.all(p,1e15,z),false));
await time('all 512', run(512,(p,z)=>st.all(p,1e15,z),false));
await time('all 1000', run(1000,(p,z)=>st.all(p,1e15,z),false));
await time('iterate 512', run(512,(p,z)=>{const a=[]; for(const r of st.iterate(p,1e15,z)) a.push(r); return a;},false));
await time('arrays 512', ()=>{ let p=0; for(;;){ const rows=st2.all(p,1e15,512); if(!rows.length)break; p=rows.at(-1)[0]; }});
await time('all parse 512', run(512,(p,z)=>st.all(p,1e15,z),true));
await time('all concat parse 512', ()=>{ let p=0; for(;;){ const rows=st3.all(p,1e15,512); if(!rows.length)break; for(const r of rows) JSON.parse(r.body); p=rows.at(-1).position; }});
await time('gen all 512', async()=>{ for await (const e of gen(512,(p,z)=>st.all(p,1e15,z),mk)); });
await time('gen arrays 512', async()=>{ for await (const e of gen(512,(p,z)=>st2.all(p,1e15,z),mka)); });
await time('readAll', async()=>{ for await (const e of s.readAll()); });
await time('subscribe', async()=>{ const ac=new AbortController(); for await (const m of s.subscribe({signal:ac.signal})) if(m.kind==='caught-up') break; });
}
await s.close();
