/// Tests of execution.
package icj.execution;
