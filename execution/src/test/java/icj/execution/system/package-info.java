/// Tests of the System API.
package icj.execution.system;
