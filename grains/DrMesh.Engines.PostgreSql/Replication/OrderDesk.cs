using DrMesh.Contracts.Agents;
using DrMesh.Contracts.Databases;
using DrMesh.Contracts.Errors;
using DrMesh.Engines.PostgreSql.Hosting;
using Npgsql;

namespace DrMesh.Engines.PostgreSql.Replication;

/// <summary>How an agent takes orders: one at a time, each under an epoch that is remembered on the disk before anything is done under it, and a wait that gives way to a higher one.</summary>
internal sealed class OrderDesk(
    NodeAgentOptions options, IDatabaseHost host, AgentMemoryFile memory, AgentLease lease, Func<CancellationToken, Task<MemberStatus>> status, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private readonly SemaphoreSlim _oneOrder = new(1, 1);
    private readonly HighestEpochAsked _asked = new();

    /// <summary>Carries an order out, or says why not.</summary>
    /// <param name="command">Its epoch.</param>
    /// <param name="fenced">True: the server counts as fenced from before the order is carried out. False: no longer once it is. Null: as before.</param>
    /// <param name="act">What is done; returns what was done.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="fencedMeanwhile">Whether it counts as fenced until it is done.</param>
    /// <param name="isPromise">Whether a lease this agent granted may stand against it.</param>
    /// <param name="minds">Whether the host could undo it.</param>
    public async Task<AgentReply> ObeyAsync(
        AgentCommand command, bool? fenced, Func<Task<string>> act, CancellationToken cancellationToken, bool fencedMeanwhile = false, bool isPromise = false, bool minds = true)
    {
        _asked.Note(command.Epoch);
        await _oneOrder.WaitAsync(cancellationToken);
        try
        {
            var known = memory.Read();
            if (command.Epoch < known.Epoch)
            {
                return new AgentReply { Obeyed = false, Epoch = known.Epoch, Reason = $"epoch {command.Epoch} is over; {options.Member} has seen {known.Epoch}" };
            }

            // A fence counts before the server is stopped; its end counts only after the server is what it should be.
            // So does one that is stopped only for a rewind or a copy: if that fails, it was not a person who stopped it, and it is brought back.
            var next = new AgentMemory(command.Epoch, fenced == true || fencedMeanwhile || known.IsFenced || (fenced == false && lease.HasLapsed));
            if (isPromise && lease.Promise(() => memory.Write(next)) is { } granted)
            {
                return new AgentReply { Obeyed = false, Epoch = memory.Read().Epoch, Reason = $"{options.Member}: {granted}" };
            }

            if (!isPromise)
            {
                memory.Write(next);
            }

            // The fence stands for a lapse from here on: a lease that runs out meanwhile is a new one.
            if (fenced == false)
            {
                lease.HasLapsed = false;
            }

            return await CarryOutAsync(command, act, () => EndFence(fenced, next), minds, cancellationToken);
        }
        finally
        {
            _oneOrder.Release();
        }
    }

    /// <summary>Refuses to wait on when an order under a higher epoch does: a standby told to follow a primary that died must not keep the promise waiting that replaces it.</summary>
    /// <exception cref="OrderRefusedException">One does.</exception>
    public void RefuseIfOverruled(string otherwise)
    {
        if (_asked.Epoch is var asked && asked > memory.Read().Epoch)
        {
            throw new OrderRefusedException($"{otherwise}, and an order under epoch {asked} waits");
        }
    }

    /// <summary>Waits for something of the server's.</summary>
    /// <exception cref="OrderRefusedException">An order under a higher epoch waits.</exception>
    /// <exception cref="DrMeshException">It takes longer than the agent's patience.</exception>
    public async Task UntilAsync(Func<Task<bool>> holds, string otherwise, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (NpgsqlException) when (time.GetElapsedTime(begun) < options.Patience)
            {
                // A server that is starting refuses connections for a moment.
            }

            RefuseIfOverruled(otherwise);
            if (time.GetElapsedTime(begun) > options.Patience)
            {
                throw new DrMeshException(
                    DrMeshError.ServerUnwilling, $"{options.Member}: after {options.Patience.TotalSeconds:0} s {otherwise}", $"look at the server's log: {options.Instance.DataDirectory}.log");
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _oneOrder.Dispose();

    private async Task<AgentReply> CarryOutAsync(AgentCommand command, Func<Task<string>> act, Action done, bool minds, CancellationToken cancellationToken)
    {
        try
        {
            await host.RefuseWhatItMayUndoAsync(minds, cancellationToken);
            var detail = await act();
            done();
            var now = await status(cancellationToken);
            // A promise without its LSN, above all, would be worse than none.
            if (now.Role == MemberRole.Unresponsive)
            {
                throw new OrderRefusedException("it does not tell how far it is");
            }

            return new AgentReply { Obeyed = true, Epoch = command.Epoch, Timeline = now.Timeline, Lsn = now.Lsn, Detail = detail };
        }
        catch (OrderRefusedException refused)
        {
            return new AgentReply { Obeyed = false, Epoch = command.Epoch, Reason = $"{options.Member}: {refused.Message}" };
        }
    }

    private void EndFence(bool? fenced, AgentMemory during)
    {
        if (fenced == false && during.IsFenced)
        {
            memory.Write(during with { IsFenced = false });
        }
    }
}
