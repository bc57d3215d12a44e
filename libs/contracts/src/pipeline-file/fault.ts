export { pathText, type Fault as PipelineFault, type FaultPath as PipelineFaultPath } from '../yaml-file/fault.js';
