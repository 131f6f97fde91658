<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AlongSection</name>
    <message>
        <source>Loss along</source>
        <translation>损失剖面</translation>
    </message>
    <message>
        <source>The loss over the training rows along two lines through the parameters, 0 being where they are. Dots: the last steps, which lie beside the line.</source>
        <translation>训练行上的损失沿过当前参数的两条直线的变化，0 为当前位置。圆点：最近的各步，它们在直线之外。</translation>
    </message>
    <message>
        <source>The gradient over the rows is 0 or not finite: it gives no direction.</source>
        <translation>各行的梯度为 0 或不是有限数：没有方向可看。</translation>
    </message>
    <message>
        <source>down the gradient</source>
        <translation>沿梯度下降方向</translation>
    </message>
    <message>
        <source>sharpest direction, curvature {value}</source>
        <translation>最陡弯的方向，曲率 {value}</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>last steps</source>
        <translation>最近的各步</translation>
    </message>
    <message>
        <source>now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>next step</source>
        <translation>下一步</translation>
    </message>
</context>
<context>
    <name>AnimationDialog</name>
    <message>
        <source>Animation of the network graph</source>
        <translation>网络图动画</translation>
    </message>
    <message>
        <source>Each stays</source>
        <translation>每帧停留</translation>
    </message>
    <message>
        <source>Size in pixels</source>
        <translation>像素尺寸</translation>
    </message>
    <message>
        <source> ms</source>
        <translation> 毫秒</translation>
    </message>
</context>
<context>
    <name>AxesPanel</name>
    <message>
        <source>(curve of the output)</source>
        <translation>（输出曲线）</translation>
    </message>
    <message>
        <source>Across</source>
        <translation>横轴</translation>
    </message>
    <message>
        <source>Up</source>
        <translation>纵轴</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>The input that varies from left to right</source>
        <translation>从左到右变化的输入</translation>
    </message>
    <message>
        <source>The input that varies from bottom to top</source>
        <translation>从下到上变化的输入</translation>
    </message>
    <message>
        <source>The output whose height is shown</source>
        <translation>显示其高度的输出</translation>
    </message>
    <message>
        <source>Pinned at</source>
        <translation>固定于</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>Pin every input at its mean over the training rows</source>
        <translation>把每个输入固定在训练行的均值上</translation>
    </message>
    <message>
        <source>Pin at the training mean</source>
        <translation>固定在训练均值</translation>
    </message>
    <message numerus="yes">
        <source>{0} more inputs stay at their mean.</source>
        <translation>
            <numerusform>另有 {0} 个输入保持在均值。</numerusform>
        </translation>
    </message>
    <message>
        <source>sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Pin every input where the shown sample has it</source>
        <translation>把每个输入固定在所示样本的取值上</translation>
    </message>
    <message>
        <source>Pin at the shown sample</source>
        <translation>固定在所示样本处</translation>
    </message>
</context>
<context>
    <name>BatchRow</name>
    <message>
        <source>Full batch</source>
        <translation>全批量</translation>
    </message>
    <message>
        <source>Each step uses all {rows} training rows</source>
        <translation>每一步使用全部 {rows} 个训练行</translation>
    </message>
    <message>
        <source>All the rows there are; {size} again when there are as many.</source>
        <translation>目前只有这么多行；行数足够时恢复为 {size}。</translation>
    </message>
</context>
<context>
    <name>BlanksAnswer</name>
    <message>
        <source>Blank {number}</source>
        <translation>第 {number} 个空</translation>
    </message>
</context>
<context>
    <name>BreakpointsPanel</name>
    <message>
        <source>Pause when…</source>
        <translation>暂停条件…</translation>
    </message>
    <message>
        <source>+ Add a condition…</source>
        <translation>+ 添加条件…</translation>
    </message>
    <message>
        <source>Training pauses at the step at which it comes true</source>
        <translation>条件成立的那一步，训练会暂停</translation>
    </message>
    <message>
        <source>Training runs on until you pause it, or until a number is not finite. Add a condition, and it pauses there by itself.</source>
        <translation>训练会一直进行，直到您暂停它，或出现非有限数。添加条件后，它会在条件成立时自行暂停。</translation>
    </message>
</context>
<context>
    <name>ChainRuleView</name>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Sample of the mini-batch</source>
        <translation>小批量中的样本</translation>
    </message>
    <message>
        <source>The sample of the mini-batch whose factors are shown</source>
        <translation>显示小批量中哪个样本的因子</translation>
    </message>
    <message>
        <source>Values of the unit</source>
        <translation>单元的数值</translation>
    </message>
    <message>
        <source>Factors</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>Why is this gradient this number?</source>
        <translation>这个梯度为什么是这个数？</translation>
    </message>
    <message>
        <source>Click a line, a unit, a bias or the loss in the network, or choose one with the keyboard.</source>
        <translation>点击网络中的连线、单元、偏置或损失，也可以用键盘选择。</translation>
    </message>
    <message>
        <source>Its factors, every sample&apos;s share, every path to the loss and its update are shown here.</source>
        <translation>这里会显示它的各个因子、每个样本的贡献、通往损失的每条路径以及它的更新。</translation>
    </message>
    <message>
        <source>{part} · frozen</source>
        <translation>{part} · 已冻结</translation>
    </message>
    <message>
        <source>after step {step}</source>
        <translation>第 {step} 步之后</translation>
    </message>
    <message>
        <source>in step {step}</source>
        <translation>第 {step} 步内</translation>
    </message>
    <message>
        <source>row {number}</source>
        <translation>第 {number} 行</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>pre-activation</source>
        <translation>预激活值</translation>
    </message>
    <message>
        <source>activation</source>
        <translation>激活值</translation>
    </message>
    <message>
        <source>through the softmax</source>
        <translation>经过 softmax</translation>
    </message>
    <message>
        <source>from the loss</source>
        <translation>来自损失</translation>
    </message>
    <message>
        <source>upstream gradient</source>
        <translation>上游梯度</translation>
    </message>
    <message>
        <source>always 1</source>
        <translation>恒为 1</translation>
    </message>
    <message>
        <source>mean over the batch</source>
        <translation>整批平均</translation>
    </message>
    <message>
        <source>local slope times the dropout mask, {mask}</source>
        <translation>局部斜率乘以随机失活掩码 {mask}</translation>
    </message>
    <message>
        <source>slope × mask</source>
        <translation>斜率 × 掩码</translation>
    </message>
    <message>
        <source>slope at {z}</source>
        <translation>{z} 处的斜率</translation>
    </message>
    <message>
        <source>local slope</source>
        <translation>局部斜率</translation>
    </message>
    <message>
        <source>norm of the batch&apos;s inputs</source>
        <translation>整批输入的范数</translation>
    </message>
    <message>
        <source>mean of {count}</source>
        <translation>{count} 个的均值</translation>
    </message>
    <message>
        <source>sum of {count}</source>
        <translation>{count} 个之和</translation>
    </message>
    <message>
        <source>both factors at once</source>
        <translation>两个因子合为一个</translation>
    </message>
    <message>
        <source>∂L/∂a or the slope is beyond what double precision holds; their product is not</source>
        <translation>∂L/∂a 或斜率超出了双精度所能表示的范围，但它们的乘积没有</translation>
    </message>
    <message>
        <source>Row {row} of the data set, a sample of the mini-batch of step {step}</source>
        <translation>数据集的第 {row} 行，第 {step} 步小批量中的一个样本</translation>
    </message>
    <message>
        <source>The numbers of step {step}, made with the parameters after step {before}</source>
        <translation>第 {step} 步的数值，由第 {before} 步之后的参数算出</translation>
    </message>
    <message>
        <source>norm, batch of {count}</source>
        <translation>范数，{count} 个样本的小批量</translation>
    </message>
    <message>
        <source>its own loss</source>
        <translation>它自己的损失</translation>
    </message>
    <message>
        <source>its share</source>
        <translation>所占份额</translation>
    </message>
    <message>
        <source>{value}, after step {step}</source>
        <translation>{value}，第 {step} 步之后</translation>
    </message>
    <message>
        <source>batch of {count}, mean</source>
        <translation>小批量 {count} 个样本的平均</translation>
    </message>
    <message>
        <source>batch of {count}, sum</source>
        <translation>小批量 {count} 个样本之和</translation>
    </message>
    <message>
        <source>comes with the next presses of Step</source>
        <translation>再按“单步”得出</translation>
    </message>
    <message>
        <source>comes with the forward pass</source>
        <translation>在前向传播时得出</translation>
    </message>
    <message>
        <source>comes with the backward pass</source>
        <translation>在反向传播时得出</translation>
    </message>
    <message>
        <source>comes after the last sample</source>
        <translation>在最后一个样本之后得出</translation>
    </message>
    <message>
        <source>comes after the forward pass</source>
        <translation>在前向传播之后得出</translation>
    </message>
    <message>
        <source>from {layer}</source>
        <translation>来自{layer}</translation>
    </message>
</context>
<context>
    <name>ChainStrip</name>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>上一个样本</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>下一个样本</translation>
    </message>
    <message>
        <source>Factors</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>Click a line, a unit or a bias to see what makes its gradient.</source>
        <translation>单击连线、单元或偏置，查看其梯度的由来。</translation>
    </message>
    <message>
        <source>sample {number} of {count}</source>
        <translation>样本 {number}（共 {count}）</translation>
    </message>
    <message>
        <source>sample {number}</source>
        <translation>样本 {number}</translation>
    </message>
    <message>
        <source>its share</source>
        <translation>其份额</translation>
    </message>
    <message numerus="yes">
        <source>{count} others</source>
        <translation>
            <numerusform>其余 {count} 个样本</numerusform>
        </translation>
    </message>
    <message>
        <source>their shares</source>
        <translation>它们的份额</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>new {symbol}</source>
        <translation>新的 {symbol}</translation>
    </message>
    <message>
        <source>was {number}</source>
        <translation>原为 {number}</translation>
    </message>
</context>
<context>
    <name>Chart</name>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic scale (L)</source>
        <translation>对数刻度 (L)</translation>
    </message>
    <message>
        <source>Auto-range</source>
        <translation>自动范围</translation>
    </message>
    <message>
        <source>Show every step and follow new ones (A, or double-click)</source>
        <translation>显示全部步并跟随新的步（A 键或双击）</translation>
    </message>
    <message>
        <source>Drag to another step, or press there with Ctrl held</source>
        <translation>拖到另一步，或按住 Ctrl 在那里点击</translation>
    </message>
    <message>
        <source>{run}. Click to hide or show</source>
        <translation>{run}。点击可隐藏或显示</translation>
    </message>
    <message>
        <source>Click to hide or show</source>
        <translation>点击可隐藏或显示</translation>
    </message>
    <message>
        <source>{name}, step {step}</source>
        <translation>{name}，第 {step} 步</translation>
    </message>
    <message>
        <source>What each step measured, pale. Click to hide or show</source>
        <translation>每一步的测量值，浅色。单击可隐藏或显示</translation>
    </message>
    <message>
        <source>The mean over {count} steps. Click to hide or show</source>
        <translation>{count} 步的平均值。单击可隐藏或显示</translation>
    </message>
</context>
<context>
    <name>CheckMapView</name>
    <message>
        <source>Gradient check</source>
        <translation>梯度检验</translation>
    </message>
    <message>
        <source>Relative errors of all gradients</source>
        <translation>所有梯度的相对误差</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>检验进度</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>differs</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>kink: no derivative</source>
        <translation>折点：不可导</translation>
    </message>
    <message>
        <source>kink</source>
        <translation>折点</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Check gradients</source>
        <translation>检验梯度</translation>
    </message>
    <message>
        <source>Compare every gradient of this step with a difference quotient of the loss</source>
        <translation>将本步的每个梯度与损失的差商相比较</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>正在检验…</translation>
    </message>
    <message>
        <source>The check was cancelled.</source>
        <translation>检验已取消。</translation>
    </message>
    <message>
        <source>Compares every gradient with (L(w + h) − L(w − h)) / 2h, from forward passes alone.</source>
        <translation>仅用前向传播，将每个梯度与 (L(w + h) − L(w − h)) / 2h 相比较。</translation>
    </message>
    <message>
        <source>All gradients agree</source>
        <translation>所有梯度一致</translation>
    </message>
    <message>
        <source>Some gradients differ</source>
        <translation>有梯度不一致</translation>
    </message>
    <message numerus="yes">
        <source>{count} parameters sit at a kink.</source>
        <translation>
            <numerusform>{count} 个参数处于折点。</numerusform>
        </translation>
    </message>
    <message>
        <source>With the output layer updated first, hidden gradients are not those of the loss.</source>
        <translation>输出层先更新时，隐藏层的梯度并不是损失的梯度。</translation>
    </message>
    <message>
        <source>Training has gone on since.</source>
        <translation>此后训练已继续。</translation>
    </message>
    <message>
        <source>{name}: gradient {gradient}, but the loss has a kink here</source>
        <translation>{name}：梯度 {gradient}，但损失在此处有折点</translation>
    </message>
    <message>
        <source>{name}: gradient {gradient}, difference {difference}, relative error {error}</source>
        <translation>{name}：梯度 {gradient}，差商 {difference}，相对误差 {error}</translation>
    </message>
    <message>
        <source>{verdict}: largest relative error {error}, in step {step}.</source>
        <translation>{verdict}：第 {step} 步中最大相对误差为 {error}。</translation>
    </message>
</context>
<context>
    <name>CheckNumbersView</name>
    <message>
        <source>{name} is a program. It has not been run. To check it, it would be run in a process of its own, in an empty folder, without your environment&apos;s secrets, for at most {seconds} s and {memory}. Run only what you trust.</source>
        <translation>{name}是一个程序，尚未运行。要检查它，会在单独的进程和空文件夹中运行，不带环境变量里的机密，最多 {seconds} 秒、{memory} 内存。只运行你信任的程序。</translation>
    </message>
    <message>
        <source>The pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Run it</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Check my numbers</source>
        <translation>检查我的数字</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>粘贴</translation>
    </message>
    <message>
        <source>Check the numbers on the clipboard (Ctrl+V); nothing is executed</source>
        <translation>检查剪贴板上的数字（Ctrl+V）；不会执行任何代码</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Check a file: NPZ, JSON, CSV or text; of a program you are asked first</source>
        <translation>检查文件：NPZ、JSON、CSV 或文本；如果是程序会先询问</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Give me a test case…</source>
        <translation>给我一个测试用例…</translation>
    </message>
    <message>
        <source>Check against the step shown now</source>
        <translation>与现在显示的这一步对照</translation>
    </message>
    <message>
        <source>Check this text</source>
        <translation>检查这段文本</translation>
    </message>
    <message>
        <source>Pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>手算</translation>
    </message>
    <message>
        <source>true ÷ yours</source>
        <translation>真值 ÷ 你的值</translation>
    </message>
    <message>
        <source>What it does to training</source>
        <translation>对训练的影响</translation>
    </message>
    <message numerus="yes">
        <source>Your step was called with {count} batches; right: {right}.</source>
        <translation>
            <numerusform>用 {count} 个批次调用了你的 step；其中 {right} 个正确。</numerusform>
        </translation>
    </message>
    <message>
        <source>This is one that was made to tell mistakes apart.</source>
        <translation>这里显示的是专门用来区分各种错误的一个批次。</translation>
    </message>
    <message>
        <source>This is the one of step {step}, as it was shown.</source>
        <translation>这里显示的是第 {step} 步当时显示的批次。</translation>
    </message>
    <message>
        <source>Checked against the true step from your own X, T, W and b.</source>
        <translation>与从你自己的 X、T、W、b 出发的正确一步对照。</translation>
    </message>
    <message>
        <source>Checked against step {step}, a batch of {batch}, as it was shown; it is frozen here.</source>
        <translation>与当时显示的第 {step} 步对照（批量 {batch}），已在此冻结。</translation>
    </message>
    <message>
        <source>Yours will be checked against step {step}, a batch of {batch}.</source>
        <translation>将与第 {step} 步对照（批量 {batch}）。</translation>
    </message>
    <message>
        <source>There is no text on the clipboard.</source>
        <translation>剪贴板上没有文本。</translation>
    </message>
    <message>
        <source>Copy your numbers first.</source>
        <translation>请先复制你的数字。</translation>
    </message>
    <message>
        <source>Written: {names}. Fill in check_me.py, and run: backprop-lab check check_me.py</source>
        <translation>已写入：{names}。填好 check_me.py 后运行：backprop-lab check check_me.py</translation>
    </message>
    <message>
        <source>Rings: yours ({what}). Circles: the true values of one sample.</source>
        <translation>框中：你的值（{what}）；圆中：一个样本的正确值。</translation>
    </message>
</context>
<context>
    <name>CheckRibbon</name>
    <message>
        <source>Forward {number}</source>
        <translation>前向 {number}</translation>
    </message>
    <message>
        <source>Backward {number}</source>
        <translation>反向 {number}</translation>
    </message>
    <message>
        <source>F{number}</source>
        <translation>前{number}</translation>
    </message>
    <message>
        <source>B{number}</source>
        <translation>反{number}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>L</source>
        <translation>损</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>U</source>
        <translation>更</translation>
    </message>
</context>
<context>
    <name>CheckSection</name>
    <message>
        <source>Compare the gradient with a finite difference of the loss</source>
        <translation>把梯度与损失的有限差分作比较</translation>
    </message>
    <message>
        <source>when training rests</source>
        <translation>训练停下时进行</translation>
    </message>
    <message>
        <source>comes with the backward pass</source>
        <translation>在反向传播时得出</translation>
    </message>
    <message>
        <source>At a kink: there is no derivative to compare with.</source>
        <translation>位于不可导点：没有导数可供比较。</translation>
    </message>
    <message>
        <source>finite difference {difference}, relative error {error}</source>
        <translation>有限差分 {difference}，相对误差 {error}</translation>
    </message>
    <message>
        <source>The layers above were updated before their delta came back.</source>
        <translation>后面的层在 δ 传回之前就已更新。</translation>
    </message>
    <message>
        <source>Finite differences</source>
        <translation>有限差分</translation>
    </message>
    <message>
        <source>Compare now</source>
        <translation>立即比较</translation>
    </message>
</context>
<context>
    <name>Checks</name>
    <message>
        <source>Checking a gradient</source>
        <translation>正在检验梯度</translation>
    </message>
    <message>
        <source>Checking the gradients</source>
        <translation>正在检验梯度</translation>
    </message>
</context>
<context>
    <name>Choices</name>
    <message>
        <source>the batch: mean of a, sum of δ</source>
        <translation>整个小批量：a 的均值、δ 的总和</translation>
    </message>
    <message>
        <source>sample {number} of {batch} · row {row}</source>
        <translation>样本 {number}/{batch} · 第 {row} 行</translation>
    </message>
    <message>
        <source>Circles:</source>
        <translation>圆圈：</translation>
    </message>
    <message>
        <source>Lines:</source>
        <translation>连线：</translation>
    </message>
    <message>
        <source>Whose values stand in the circles: one sample of the mini-batch, or all of it (the mean of what each unit passes on, the sum of its δ).</source>
        <translation>圆圈里是谁的数值：小批量中的一个样本，或者整个小批量（各单元输出的均值与 δ 的总和）。</translation>
    </message>
    <message>
        <source>Whose values circles show</source>
        <translation>圆圈显示谁的数值</translation>
    </message>
    <message>
        <source>What lines show</source>
        <translation>连线显示什么</translation>
    </message>
    <message>
        <source>Which numbers width, dashes and chips of the lines show: the weights w, their gradients ∂L/∂w of the mini-batch, or the updates Δw that this step adds to them.</source>
        <translation>连线的粗细、虚实和标签显示哪些数值：权重 w、小批量的梯度 ∂L/∂w，或者本步加到权重上的更新 Δw。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Updates</source>
        <translation>更新</translation>
    </message>
</context>
<context>
    <name>ClassesSection</name>
    <message>
        <source>Confusion</source>
        <translation>混淆矩阵</translation>
    </message>
    <message>
        <source>Rows by their true class, across, and by the class that the network says, down the columns. Recall: of a class, the share said to be; precision: of those said to be, the share that are; accuracy in the corner.</source>
        <translation>横行为真实类别，纵列为网络所答的类别。召回率：某一类中答对的比例；精确率：答为某一类的行中确属该类的比例；右下角是准确率。</translation>
    </message>
    <message>
        <source>Rows may have several labels: there are no classes to confuse.</source>
        <translation>一行可以有多个标签：没有可混淆的类别。</translation>
    </message>
    <message>
        <source>The targets are numbers: there are no classes to confuse.</source>
        <translation>目标是数值：没有类别可混淆。</translation>
    </message>
    <message>
        <source>No rows are kept for validation.</source>
        <translation>没有留作验证的行。</translation>
    </message>
    <message>
        <source>training rows</source>
        <translation>训练行</translation>
    </message>
    <message>
        <source>validation rows</source>
        <translation>验证行</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>There are no rows here.</source>
        <translation>这里没有行。</translation>
    </message>
</context>
<context>
    <name>ClinicCard</name>
    <message>
        <source>Open the bug clinic</source>
        <translation>打开错误诊所</translation>
    </message>
</context>
<context>
    <name>ClinicDesk</name>
    <message>
        <source>Planting a mistake</source>
        <translation>正在植入错误</translation>
    </message>
</context>
<context>
    <name>ClinicView</name>
    <message>
        <source>Bug clinic</source>
        <translation>错误诊所</translation>
    </message>
    <message>
        <source>Bug clinic: a copy of the pass with a mistake in it. It is not your training, and not kept.</source>
        <translation>错误诊所：这份计算副本里有一个错误。它不是你的训练，也不会保存。</translation>
    </message>
    <message>
        <source>Any level</source>
        <translation>任意难度</translation>
    </message>
    <message>
        <source>Easy</source>
        <translation>简单</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>中等</translation>
    </message>
    <message>
        <source>Hard</source>
        <translation>困难</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>难度</translation>
    </message>
    <message>
        <source>Mistake to plant</source>
        <translation>要植入的错误</translation>
    </message>
    <message>
        <source>The mistake to plant: at random, or one that a teacher chooses</source>
        <translation>要植入的错误：随机，或由老师指定</translation>
    </message>
    <message>
        <source>New fault</source>
        <translation>新的错误</translation>
    </message>
    <message>
        <source>Another step</source>
        <translation>再走一步</translation>
    </message>
    <message>
        <source>Train on with the same fault: other numbers, the same mistake</source>
        <translation>带着同一个错误继续训练：数字不同，错误相同</translation>
    </message>
    <message>
        <source>1  Point at the first wrong number</source>
        <translation>1  指出最先出错的数字</translation>
    </message>
    <message>
        <source>2  Which mistake is it?</source>
        <translation>2  这是哪种错误？</translation>
    </message>
    <message>
        <source>What goes into this number</source>
        <translation>这个数字由什么得出</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>提交答案</translation>
    </message>
    <message>
        <source>Give the answer; only then it is told what is right</source>
        <translation>提交答案之后才会揭晓</translation>
    </message>
    <message>
        <source>Next fault</source>
        <translation>下一个错误</translation>
    </message>
    <message>
        <source>claimed</source>
        <translation>声称</translation>
    </message>
    <message>
        <source>true</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>claimed is</source>
        <translation>声称值是</translation>
    </message>
    <message>
        <source>At random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>Choose a number, in the table or in the graph.</source>
        <translation>在表中或图中选一个数字。</translation>
    </message>
    <message>
        <source>What the code says goes into it; add it up yourself:</source>
        <translation>代码声称它由这些得出，请自己算一算：</translation>
    </message>
    <message>
        <source>This is the first wrong number</source>
        <translation>这是最先出错的数字</translation>
    </message>
    <message>
        <source>Pointed at: {place}</source>
        <translation>已指出：{place}</translation>
    </message>
    <message>
        <source>Score: {points} of {most} points. Rounds: {rounds}</source>
        <translation>得分：{points} / {most} 分。轮数：{rounds}</translation>
    </message>
    <message>
        <source>{quantity} is the first wrong quantity.</source>
        <translation>{quantity} 是最先出错的量。</translation>
    </message>
    <message>
        <source>The first wrong quantity is {quantity}.</source>
        <translation>最先出错的量是 {quantity}。</translation>
    </message>
    <message>
        <source>The mistake is named rightly.</source>
        <translation>错误的名称也对。</translation>
    </message>
    <message>
        <source>It is another mistake:</source>
        <translation>是另一种错误：</translation>
    </message>
    <message>
        <source>All numbers are what the faulty code claims in step {step}.</source>
        <translation>所有数字都是出错代码在第 {step} 步声称的值。</translation>
    </message>
</context>
<context>
    <name>ColumnsList</name>
    <message>
        <source>feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>跳过</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>category</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>row name</source>
        <translation>行名</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>guess it</source>
        <translation>自动判断</translation>
    </message>
    <message>
        <source>parts of a date</source>
        <translation>日期各部分</translation>
    </message>
</context>
<context>
    <name>Commands</name>
    <message>
        <source>Unfreeze</source>
        <translation>解冻</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Pause when this…</source>
        <translation>暂停条件…</translation>
    </message>
    <message>
        <source>Export derivation…</source>
        <translation>导出推导…</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Type another value (Return in the graph)</source>
        <translation>输入另一个值（在图中按回车键）</translation>
    </message>
    <message>
        <source>Hold the value while the others are trained (K in the graph)</source>
        <translation>保持该值不变，其余的继续训练（在图中按 K）</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>对比</translation>
    </message>
    <message>
        <source>Compare what is selected next with this (C in the graph)</source>
        <translation>将接下来选中的与它对比（在图中按 C）</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Export the derivation of this gradient</source>
        <translation>导出该梯度的推导</translation>
    </message>
    <message>
        <source>Pause when something happens to this (P)</source>
        <translation>当它发生某种情况时暂停（P）</translation>
    </message>
</context>
<context>
    <name>ComparisonSection</name>
    <message>
        <source>update</source>
        <translation>更新量</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>比值</translation>
    </message>
    <message>
        <source>w, b before the step</source>
        <translation>本步之前的 w、b</translation>
    </message>
    <message>
        <source>w, b after the step</source>
        <translation>本步之后的 w、b</translation>
    </message>
    <message>
        <source>share of the sample</source>
        <translation>该样本的贡献</translation>
    </message>
    <message>
        <source>gradient of the batch</source>
        <translation>小批量的梯度</translation>
    </message>
    <message>
        <source>norm of the batch&apos;s gradient</source>
        <translation>小批量梯度的范数</translation>
    </message>
    <message>
        <source>loss of the sample</source>
        <translation>该样本的损失</translation>
    </message>
    <message>
        <source>Compared with {part}, sample {sample}</source>
        <translation>与{part}比较，样本 {sample}</translation>
    </message>
</context>
<context>
    <name>ConfusionTable</name>
    <message>
        <source>true class</source>
        <translation>真实类别</translation>
    </message>
    <message>
        <source>recall</source>
        <translation>召回率</translation>
    </message>
    <message>
        <source>precision</source>
        <translation>精确率</translation>
    </message>
</context>
<context>
    <name>Controls</name>
    <message>
        <source>{count} of {all} multiplications</source>
        <translation>乘法 {count}/{all} 次</translation>
    </message>
    <message>
        <source>step {position} of {length}</source>
        <translation>第 {position}/{length} 步</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>Go through both passes by themselves, or stop</source>
        <translation>自动走完前向和反向两遍，或停下</translation>
    </message>
    <message>
        <source>Steps of both passes</source>
        <translation>两遍传播的各步</translation>
    </message>
    <message>
        <source>Steps done</source>
        <translation>已完成的步</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Before the first step</source>
        <translation>回到第一步之前</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Take the last step back</source>
        <translation>撤回最后一步</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>The next node or edge</source>
        <translation>下一个节点或下一条边</translation>
    </message>
    <message>
        <source>Copy LaTeX</source>
        <translation>复制 LaTeX</translation>
    </message>
    <message>
        <source>Copy formula and derivative as LaTeX</source>
        <translation>把公式和导数复制为 LaTeX</translation>
    </message>
    <message>
        <source>rule {position} of {length}</source>
        <translation>第 {position} 条法则，共 {length} 条</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save the graph as a picture, or the working as a text</source>
        <translation>将计算图存为图片，或将推导过程存为文本</translation>
    </message>
    <message>
        <source>Graph as SVG…</source>
        <translation>计算图存为 SVG…</translation>
    </message>
    <message>
        <source>Graph as PNG…</source>
        <translation>计算图存为 PNG…</translation>
    </message>
    <message>
        <source>Working as Markdown, LaTeX, HTML or PDF…</source>
        <translation>推导过程存为 Markdown、LaTeX、HTML 或 PDF…</translation>
    </message>
</context>
<context>
    <name>CurvesView</name>
    <message>
        <source>Press Step or Run: the loss appears here</source>
        <translation>按“单步”或“运行”：这里会显示损失</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>Show the loss</source>
        <translation>显示损失</translation>
    </message>
    <message>
        <source>Show the accuracy</source>
        <translation>显示准确率</translation>
    </message>
    <message>
        <source>Show R², the share of variance explained</source>
        <translation>显示 R²，即可解释的方差比例</translation>
    </message>
    <message>
        <source>mini-batch</source>
        <translation>小批量</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>loss + penalty</source>
        <translation>损失 + 正则项</translation>
    </message>
    <message>
        <source>R² is not defined: the targets are all equal</source>
        <translation>R² 无定义：所有目标值都相同</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation>平滑</translation>
    </message>
</context>
<context>
    <name>DataDesk</name>
    <message>
        <source>Open data set</source>
        <translation>打开数据集</translation>
    </message>
    <message>
        <source>Import data set</source>
        <translation>导入数据集</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>正在读取 {0}</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Data sets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>DataSection</name>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>打开…</translation>
    </message>
    <message>
        <source>Open a table of your own (Ctrl+O)</source>
        <translation>打开您自己的表格（Ctrl+O）</translation>
    </message>
    <message>
        <source>Paint…</source>
        <translation>绘制…</translation>
    </message>
    <message>
        <source>Paint points of two classes or a curve (Ctrl+P)</source>
        <translation>绘制两类点或一条曲线（Ctrl+P）</translation>
    </message>
</context>
<context>
    <name>DataTableView</name>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ 正确</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ 错误</translation>
    </message>
    <message>
        <source>all rows</source>
        <translation>全部行</translation>
    </message>
    <message>
        <source>wrong only</source>
        <translation>仅错误行</translation>
    </message>
    <message>
        <source>training rows</source>
        <translation>训练行</translation>
    </message>
    <message>
        <source>validation rows</source>
        <translation>验证行</translation>
    </message>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} of {1} rows</source>
        <translation>
            <numerusform>{0}/{1} 行</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} training</source>
        <translation>训练 {0}</translation>
    </message>
    <message>
        <source>{0} validation</source>
        <translation>验证 {0}</translation>
    </message>
    <message>
        <source>going through all rows: {0} %</source>
        <translation>正在遍历所有行：{0}%</translation>
    </message>
    <message>
        <source>order as of step {0}</source>
        <translation>按第 {0} 步的结果排序</translation>
    </message>
    <message>
        <source>As in the file</source>
        <translation>文件原样</translation>
    </message>
    <message>
        <source>Show the cells as the file has them</source>
        <translation>按文件中的样子显示单元格</translation>
    </message>
    <message>
        <source>As the network sees it</source>
        <translation>网络所见</translation>
    </message>
    <message>
        <source>Show what the network is fed: categories as 0 and 1, gaps filled, numbers scaled</source>
        <translation>显示送入网络的数值：类别变为 0 和 1，空缺已填补，数值已缩放</translation>
    </message>
    <message>
        <source>Rows that are shown</source>
        <translation>显示的行</translation>
    </message>
    <message>
        <source>Choose which rows are shown</source>
        <translation>选择显示哪些行</translation>
    </message>
    <message>
        <source>Rows of the data set</source>
        <translation>数据集的各行</translation>
    </message>
    <message>
        <source>{0} wrong after step {1}</source>
        <translation>第 {1} 步之后错 {0} 行</translation>
    </message>
    <message>
        <source>At most {0} rows are copied at once.</source>
        <translation>一次最多复制 {0} 行。</translation>
    </message>
</context>
<context>
    <name>DescentView</name>
    <message>
        <source>Along</source>
        <translation>沿</translation>
    </message>
    <message>
        <source>η</source>
        <translation>学习率 η</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>The variables that move; the others stay</source>
        <translation>移动的变量；其余保持不变</translation>
    </message>
    <message>
        <source>Learning rate: x ← x − η·v</source>
        <translation>学习率：x ← x − η·v</translation>
    </message>
    <message>
        <source>v ← momentum·v + gradient; 0 is plain gradient descent</source>
        <translation>v ← 动量·v + 梯度；0 即普通梯度下降</translation>
    </message>
    <message>
        <source>How many steps are made</source>
        <translation>要走多少步</translation>
    </message>
    <message>
        <source>Path of the descent</source>
        <translation>下降的路径</translation>
    </message>
    <message>
        <source>The learning rate has to be above 0, the momentum from 0 to below 1.</source>
        <translation>学习率须大于 0，动量须从 0 到小于 1。</translation>
    </message>
    <message>
        <source>Nothing goes down: type a function of a variable.</source>
        <translation>没有可下降的：请输入一个变量的函数。</translation>
    </message>
    <message>
        <source>gradient {gradient}</source>
        <translation>梯度 {gradient}</translation>
    </message>
    <message>
        <source>velocity {velocity}</source>
        <translation>速度 {velocity}</translation>
    </message>
    <message>
        <source>x ← x − η·v</source>
        <translation>更新：x ← x − η·v</translation>
    </message>
    <message>
        <source>{output}: {first} before the first step, {last} after the last.</source>
        <translation>{output}：第一步之前为 {first}，最后一步之后为 {last}。</translation>
    </message>
    <message>
        <source>It ends there:</source>
        <translation>到此为止：</translation>
    </message>
    <message>
        <source>The first {count} steps are written out.</source>
        <translation>写出了前 {count} 步。</translation>
    </message>
</context>
<context>
    <name>DiagnosisPage</name>
    <message>
        <source>What was found, the root first</source>
        <translation>发现的问题，根源在前</translation>
    </message>
    <message>
        <source>Can it learn ten rows?</source>
        <translation>能学会十行吗？</translation>
    </message>
    <message>
        <source>Trains a copy on ten rows alone, without penalty, dropout and validation: a sound network learns them by heart</source>
        <translation>只用十行训练一个副本，不带正则项、随机失活和验证集：正常的网络能把它们背下来</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Try the cure</source>
        <translation>试用对策</translation>
    </message>
    <message>
        <source>Train a copy with the cure beside it as it is, and compare</source>
        <translation>用对策训练一个副本，与现在的训练相比较</translation>
    </message>
    <message>
        <source>Train with it</source>
        <translation>采用它训练</translation>
    </message>
    <message>
        <source>Begin anew with the cure; Undo brings this network back</source>
        <translation>用对策重新开始；撤销可找回现在的网络</translation>
    </message>
    <message>
        <source>Explain</source>
        <translation>解释</translation>
    </message>
    <message>
        <source>What this is, how it is told, and what to do</source>
        <translation>这是什么、怎样看出来、该怎么办</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Evidence</source>
        <translation>证据</translation>
    </message>
    <message>
        <source>root</source>
        <translation>根源</translation>
    </message>
    <message>
        <source>follows, or adds to it</source>
        <translation>由此而来，或另有影响</translation>
    </message>
    <message>
        <source>{cause}
{kind}, since step {step}</source>
        <translation>{cause}
{kind}，自第 {step} 步起</translation>
    </message>
    <message>
        <source>Go to step {step}</source>
        <translation>转到第 {step} 步</translation>
    </message>
    <message>
        <source>Where it began</source>
        <translation>它开始的地方</translation>
    </message>
    <message>
        <source>A number is no longer finite, and no cause of it was proved.</source>
        <translation>出现了非有限的数，但没有一个原因得到证实。</translation>
    </message>
    <message>
        <source>There is nothing to examine yet: make some steps.</source>
        <translation>还没有可检查的：请先走几步。</translation>
    </message>
    <message>
        <source>The training is being examined.</source>
        <translation>正在检查训练。</translation>
    </message>
    <message>
        <source>After step {step} nothing was found that keeps it from learning.</source>
        <translation>第 {step} 步之后没有发现妨碍它学习的东西。</translation>
    </message>
    <message>
        <source>Row {row}</source>
        <translation>第 {row} 行</translation>
    </message>
    <message numerus="yes">
        <source>In a trial of {steps} steps from the start the loss fell to {after} of that of the best constant prediction; as it is, it stands at {before}.</source>
        <translation>
            <numerusform>从头试验 {steps} 步后，损失降到最佳常数预测的 {after} 倍；现在则是 {before} 倍。</numerusform>
        </translation>
    </message>
    <message>
        <source>How it is told: {signs}</source>
        <translation>怎样看出来：{signs}</translation>
    </message>
    <message>
        <source>What to do: {advice}</source>
        <translation>该怎么办：{advice}</translation>
    </message>
    <message>
        <source>A copy is being trained…</source>
        <translation>正在训练一个副本……</translation>
    </message>
    <message>
        <source>There is nothing to try.</source>
        <translation>没有可试的对策。</translation>
    </message>
    <message>
        <source>With the cure a number is no longer finite after step {steps}: it does not help.</source>
        <translation>用了对策，第 {steps} 步之后有数不再是有限数：没有用。</translation>
    </message>
    <message>
        <source>The loss is {before} of the best constant prediction&apos;s as it is, and {after} with the cure, after step {steps}.</source>
        <translation>现在的损失是最佳常数预测的 {before} 倍；用了对策，第 {steps} 步之后是 {after} 倍。</translation>
    </message>
    <message>
        <source>The loss over all training rows is {before} as it is, and {after} with the cure after step {steps}.</source>
        <translation>全部训练行上的损失现在是 {before}；用了对策，第 {steps} 步之后是 {after}。</translation>
    </message>
    <message>
        <source>Rows told rightly, as the mean over the classes: {before} %, then {after} %.</source>
        <translation>答对的行（各类别的平均值）：{before} %，之后 {after} %。</translation>
    </message>
    <message numerus="yes">
        <source>It was stopped before its end, after {seconds} seconds.</source>
        <translation>
            <numerusform>它没有走完，{seconds} 秒后停下了。</numerusform>
        </translation>
    </message>
    <message>
        <source>No: after step {steps} a number is no longer finite. Lower the learning rate before anything else.</source>
        <translation>不能：第 {steps} 步之后有数不再是有限数。请先降低学习率。</translation>
    </message>
    <message numerus="yes">
        <source>Yes: after {steps} steps it has learned {rows} rows by heart, loss {before} → {after}. Network and training work; look for the fault in the data, the size or a penalty.</source>
        <translation>
            <numerusform>能：{steps} 步之后它背下了 {rows} 行，损失 {before} → {after}。网络和训练没有问题；请在数据、规模或正则项中找原因。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>No: after {steps} steps it has not learned even {rows} rows, loss {before} → {after}. The fault lies in the network or in how it is trained, not in the amount of data.</source>
        <translation>
            <numerusform>不能：{steps} 步之后它连 {rows} 行都没学会，损失 {before} → {after}。问题在网络或训练方式上，不在数据的多少。</numerusform>
        </translation>
    </message>
    <message>
        <source>with the cure</source>
        <translation>用了对策</translation>
    </message>
    <message>
        <source>these rows alone</source>
        <translation>只用这几行</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>现在的训练</translation>
    </message>
    <message>
        <source>loss of the mini-batch</source>
        <translation>小批量的损失</translation>
    </message>
    <message>
        <source>loss, means of {count} steps</source>
        <translation>损失（每 {count} 步的平均值）</translation>
    </message>
    <message>
        <source>branches off</source>
        <translation>由此分出</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Instruments…</source>
        <translation>仪表…</translation>
    </message>
    <message>
        <source>Noise, sharpness, gradients over depth, histograms, learning rates, confusion</source>
        <translation>噪声、锐度、各层梯度、直方图、学习率、混淆矩阵</translation>
    </message>
</context>
<context>
    <name>DiagnosisStrip</name>
    <message>
        <source>Diagnosis</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Show the evidence, the cure and all that was found</source>
        <translation>显示证据、对策以及发现的一切</translation>
    </message>
    <message>
        <source>after step {step}</source>
        <translation>第 {step} 步之后</translation>
    </message>
    <message>
        <source>The training was examined on a copy, as it was after this step.</source>
        <translation>检查的是训练在这一步之后的副本。</translation>
    </message>
    <message>
        <source>Loss of step 1: {loss}</source>
        <translation>第 1 步的损失：{loss}</translation>
    </message>
    <message>
        <source>Loss {before} → {after} from epoch {first} to epoch {last}, means of each epoch</source>
        <translation>损失从第 {first} 轮次到第 {last} 轮次：{before} → {after}（各轮次的平均值）</translation>
    </message>
    <message>
        <source>Loss {before} → {after} from step {first} to step {last}</source>
        <translation>损失从第 {first} 步到第 {last} 步：{before} → {after}</translation>
    </message>
    <message>
        <source>Loss {before} → {after}: means of steps {first} and {last}</source>
        <translation>损失 {before} → {after}：第 {first} 步与第 {last} 步的平均值</translation>
    </message>
    <message>
        <source>The gradient of step {step} is exactly 0 everywhere, and nothing moves.</source>
        <translation>第 {step} 步的梯度处处恰为 0，什么都不会动。</translation>
    </message>
    <message>
        <source>after step
{step}</source>
        <translation>第 {step} 步
之后</translation>
    </message>
    <message>
        <source>Press Step (→) to follow the first mini-batch phase by phase, or Run to train.</source>
        <translation>按“单步”（→）逐阶段跟踪第一个小批量，或按“运行”开始训练。</translation>
    </message>
    <message>
        <source>Press Step (→) to see the next phase of the first step, or Run to train.</source>
        <translation>按“单步”（→）查看第一步的下一阶段，或按“运行”开始训练。</translation>
    </message>
</context>
<context>
    <name>Differences</name>
    <message>
        <source>Step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Steps of the run</source>
        <translation>运行的总步数</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>{0}: {1} in the file, {2} here.</source>
        <translation>{0}：文件中为 {1}，此处为 {2}。</translation>
    </message>
    <message>
        <source>The weights are not the same.</source>
        <translation>权重不相同。</translation>
    </message>
    <message>
        <source>Settings, steps, runs and weights are the same.</source>
        <translation>设置、步数、运行和权重都相同。</translation>
    </message>
    <message>
        <source>More settings that differ: {0}.</source>
        <translation>还有 {0} 项设置不同。</translation>
    </message>
</context>
<context>
    <name>DockTitle</name>
    <message>
        <source>Take out of the window, or back</source>
        <translation>移出窗口，或放回</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>DropoutRows</name>
    <message>
        <source>Dropout, hidden {number}</source>
        <translation>Dropout，隐藏层 {number}</translation>
    </message>
</context>
<context>
    <name>EquationLabel</name>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
</context>
<context>
    <name>Errand</name>
    <message>
        <source>The picture could not be saved as {0}.</source>
        <translation>图片无法保存为 {0}。</translation>
    </message>
</context>
<context>
    <name>ExamplesMenu</name>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
</context>
<context>
    <name>ExportDesk</name>
    <message>
        <source>Network graph</source>
        <translation>网络图</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>PNG, as large as on the screen</source>
        <translation>PNG，与屏幕同大</translation>
    </message>
    <message>
        <source>PNG, {0} times as fine</source>
        <translation>PNG，{0} 倍精细</translation>
    </message>
    <message>
        <source>There are no steps yet: train first.</source>
        <translation>还没有任何步：请先训练。</translation>
    </message>
    <message>
        <source>One PNG for each step</source>
        <translation>每步一张 PNG</translation>
    </message>
    <message>
        <source>Animation</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>Full records of steps</source>
        <translation>各步完整记录</translation>
    </message>
    <message>
        <source>Scalars of all steps</source>
        <translation>所有步的标量</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>NumPy script</source>
        <translation>NumPy 脚本</translation>
    </message>
    <message>
        <source>PyTorch script</source>
        <translation>PyTorch 脚本</translation>
    </message>
    <message>
        <source>Jupyter notebook</source>
        <translation>Jupyter 笔记本</translation>
    </message>
    <message>
        <source>ONNX model</source>
        <translation>ONNX 模型</translation>
    </message>
    <message>
        <source>Derivation of the selected parameter</source>
        <translation>所选参数的推导</translation>
    </message>
    <message>
        <source>Worked solution of this step</source>
        <translation>这一步的完整解答</translation>
    </message>
    <message>
        <source>Copying the derivation</source>
        <translation>正在复制推导</translation>
    </message>
    <message>
        <source>Select a weight or a bias first.</source>
        <translation>请先选择一个权重或偏置。</translation>
    </message>
    <message>
        <source>Writing {0}</source>
        <translation>正在写入 {0}</translation>
    </message>
    <message>
        <source>{0} is there already. Replace it?</source>
        <translation>{0} 已存在。要替换吗？</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Picture of</source>
        <translation>视图图片</translation>
    </message>
    <message>
        <source>Network graph…</source>
        <translation>网络图…</translation>
    </message>
    <message>
        <source>Curves…</source>
        <translation>曲线…</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>复制图片</translation>
    </message>
    <message>
        <source>Animation…</source>
        <translation>动画…</translation>
    </message>
    <message>
        <source>Scalars of all steps…</source>
        <translation>所有步的标量…</translation>
    </message>
    <message>
        <source>Full records of steps…</source>
        <translation>各步完整记录…</translation>
    </message>
    <message>
        <source>Parameters…</source>
        <translation>参数…</translation>
    </message>
    <message>
        <source>NumPy script…</source>
        <translation>NumPy 脚本…</translation>
    </message>
    <message>
        <source>PyTorch script…</source>
        <translation>PyTorch 脚本…</translation>
    </message>
    <message>
        <source>Jupyter notebook…</source>
        <translation>Jupyter 笔记本…</translation>
    </message>
    <message>
        <source>ONNX model…</source>
        <translation>ONNX 模型…</translation>
    </message>
    <message>
        <source>Derivation of the selected parameter…</source>
        <translation>所选参数的推导…</translation>
    </message>
    <message>
        <source>Worked solution of this step…</source>
        <translation>这一步的完整解答…</translation>
    </message>
    <message>
        <source>Copy derivation</source>
        <translation>复制推导</translation>
    </message>
    <message>
        <source>Derivations with all rows of the mini-batch</source>
        <translation>推导写出小批量的所有行</translation>
    </message>
</context>
<context>
    <name>ExpressionView</name>
    <message>
        <source>Copied: formula and derivative as LaTeX.</source>
        <translation>已复制：公式和导数的 LaTeX。</translation>
    </message>
    <message>
        <source>Expression lab</source>
        <translation>表达式实验室</translation>
    </message>
    <message>
        <source>Expression</source>
        <translation>表达式</translation>
    </message>
    <message>
        <source>Variables</source>
        <translation>变量</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Formulas to begin with</source>
        <translation>入门公式</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>最近</translation>
    </message>
    <message>
        <source>Formulas that were typed before</source>
        <translation>以前输入过的公式</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>公式</translation>
    </message>
    <message>
        <source>u = x^2 + 1
y = sin(u)</source>
        <translation>u = x^2 + 1
y = sin(u)</translation>
    </message>
    <message>
        <source>What is wrong with the formula</source>
        <translation>公式的错误之处</translation>
    </message>
    <message>
        <source>Open as network</source>
        <translation>转为网络</translation>
    </message>
    <message>
        <source>Open the same network, with these values, in the main window</source>
        <translation>在主窗口中打开带有这些数值的同一网络</translation>
    </message>
    <message>
        <source>A name that no line defines becomes a variable.</source>
        <translation>未被任何一行定义的名称会成为变量。</translation>
    </message>
    <message>
        <source>Reverse</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Reverse mode: one pass backward gives the derivative by every variable</source>
        <translation>反向模式：反向传播一遍即可得到对每个变量的导数</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>Forward mode: one pass forward for each variable</source>
        <translation>前向模式：每个变量各需前向传播一遍</translation>
    </message>
    <message>
        <source>by</source>
        <translation>求导变量</translation>
    </message>
    <message>
        <source>The variable that paths, curve and forward mode are about</source>
        <translation>路径、曲线和前向模式所针对的变量</translation>
    </message>
    <message>
        <source>Computational graph</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: pan. F or double click: fit. Click: select. With the keyboard: arrow keys go from node to node, + and − zoom, Escape clears.</source>
        <translation>滚轮：缩放。拖动：平移。F 或双击：缩放到全图。单击：选择。键盘：方向键在节点间移动，+ 和 − 缩放，Esc 清除选择。</translation>
    </message>
    <message>
        <source>Type a function at the left, for example y = sin(x^2)</source>
        <translation>在左侧输入函数，例如 y = sin(x^2)</translation>
    </message>
    <message>
        <source>box: its value v, below it {derivative} · line: local derivative · dashed: negative</source>
        <translation>方框：值 v，其下为 {derivative} · 连线：局部导数 · 虚线：负</translation>
    </message>
    <message>
        <source>{kind} pictures</source>
        <translation>{kind} 图片</translation>
    </message>
    <message>
        <source>Save graph</source>
        <translation>保存图</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Forget all</source>
        <translation>全部清除</translation>
    </message>
    <message>
        <source>The working is too long to be written out.</source>
        <translation>推导过程太长，无法写出。</translation>
    </message>
    <message>
        <source>Split the formula into lines with names.</source>
        <translation>请将公式拆成几行，各取名称。</translation>
    </message>
    <message>
        <source>Save working</source>
        <translation>保存推导过程</translation>
    </message>
    <message>
        <source>One definition a line; the last line is the output.
+ − * / ^, sin 2x, x², √x, |x|, {x if x &gt; 0 else 0}, pi, e
{functions}</source>
        <translation>每行一个定义；最后一行为输出。
+ − * / ^，sin 2x，x²，√x，|x|，{x if x &gt; 0 else 0}，pi，e
{functions}</translation>
    </message>
    <message>
        <source>Graph</source>
        <translation>计算图</translation>
    </message>
    <message>
        <source>Values and derivatives, node by node</source>
        <translation>逐节点的值与导数</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>推导过程</translation>
    </message>
    <message>
        <source>The derivative worked out, rule by rule</source>
        <translation>逐条法则求出导数</translation>
    </message>
    <message>
        <source>Descent</source>
        <translation>梯度下降</translation>
    </message>
    <message>
        <source>Downhill from the point, step by step</source>
        <translation>从该点逐步下降</translation>
    </message>
</context>
<context>
    <name>FactorAnswer</name>
    <message>
        <source>upstream gradient</source>
        <translation>上游梯度</translation>
    </message>
    <message>
        <source>local derivative</source>
        <translation>局部导数</translation>
    </message>
    <message>
        <source>activation below</source>
        <translation>前一层的激活值</translation>
    </message>
</context>
<context>
    <name>FactorCards</name>
    <message>
        <source>Copy number</source>
        <translation>复制数值</translation>
    </message>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
</context>
<context>
    <name>Finder</name>
    <message>
        <source>hidden 2 unit 5, or a name</source>
        <translation>隐藏层 2 单元 5，或名称</translation>
    </message>
    <message>
        <source>Find a unit or layer</source>
        <translation>查找单元或层</translation>
    </message>
    <message>
        <source>Nothing in the network is called so.</source>
        <translation>网络中没有这个名称。</translation>
    </message>
    <message>
        <source>Enter goes there, Escape closes.</source>
        <translation>回车转到该处，Esc 关闭。</translation>
    </message>
</context>
<context>
    <name>FormulaStrip</name>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
    <message>
        <source>Copy the numbers</source>
        <translation>复制这些数</translation>
    </message>
</context>
<context>
    <name>GenerateDialog</name>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} 行</numerusform>
        </translation>
    </message>
    <message>
        <source>regression</source>
        <translation>回归</translation>
    </message>
    <message numerus="yes">
        <source>{0} classes</source>
        <translation>
            <numerusform>{0} 类</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}</source>
        <translation>无法写入 {0}：{1}</translation>
    </message>
    <message>
        <source>Save data</source>
        <translation>保存数据</translation>
    </message>
    <message>
        <source>CSV files</source>
        <translation>CSV 文件</translation>
    </message>
    <message>
        <source>Make data</source>
        <translation>生成数据</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>The data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>存为 CSV…</translation>
    </message>
    <message>
        <source>Use as data set</source>
        <translation>用作数据集</translation>
    </message>
</context>
<context>
    <name>GoalCard</name>
    <message>
        <source>Begin</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>Back to step 0, with the settings as they are now</source>
        <translation>回到第 0 步，保留现在的设置</translation>
    </message>
</context>
<context>
    <name>GradientsView</name>
    <message>
        <source>Press Step or Run: the gradient norms appear here</source>
        <translation>按“单步”或“运行”：这里会显示梯度范数</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新量</translation>
    </message>
</context>
<context>
    <name>GraphCanvas</name>
    <message>
        <source>tangent of {name}</source>
        <translation>{name} 的切向导数</translation>
    </message>
</context>
<context>
    <name>Headline</name>
    <message>
        <source>Copy number</source>
        <translation>复制数值</translation>
    </message>
    <message>
        <source>Copy as LaTeX</source>
        <translation>复制为 LaTeX</translation>
    </message>
</context>
<context>
    <name>HealthSection</name>
    <message>
        <source>Gradient health</source>
        <translation>梯度健康状况</translation>
    </message>
    <message>
        <source>‖∂L/∂W, ∂L/∂b‖ in step {step}</source>
        <translation>第 {step} 步的 ‖∂L/∂W, ∂L/∂b‖</translation>
    </message>
    <message>
        <source>How large the gradient of each layer is: the root of the sum of the squares over weights and biases, of the mini-batch of the last whole step.</source>
        <translation>各层梯度的大小：对权重和偏置的梯度平方求和后开方，取自最近一个完整步的小批量。</translation>
    </message>
    <message>
        <source>The gradients come with the first step.</source>
        <translation>梯度随第一步得出。</translation>
    </message>
    <message>
        <source>The gradient of {layer} is not finite.</source>
        <translation>{layer}：梯度不是有限数。</translation>
    </message>
    <message>
        <source>The gradient of {layer} is 0.</source>
        <translation>{layer}：梯度为 0。</translation>
    </message>
    <message>
        <source>There is one layer.</source>
        <translation>只有一层。</translation>
    </message>
    <message>
        <source>The norms are within a factor of {factor}.</source>
        <translation>各层范数相差不到 {factor} 倍。</translation>
    </message>
    <message>
        <source>Flattest unit: {layer} · {unit}, mean {activation}′ {slope} in this batch.</source>
        <translation>本小批量中最平坦的单元：{layer} · {unit}，{activation}′ 平均 {slope}。</translation>
    </message>
</context>
<context>
    <name>HelpDialog</name>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>What happens in a step</source>
        <translation>一步之中发生了什么</translation>
    </message>
    <message>
        <source>A step takes the next mini-batch through the network (forward), compares the outputs with the targets (loss), carries the derivative of the loss back layer by layer (backward), and changes every weight and bias a little (update). The strip over the network names the phase and its formula. Choose how much one press of Step shows: a layer, a sample, a whole mini-batch, or an epoch.</source>
        <translation>一步先让下一个小批量通过网络（前向传播），把输出与目标作比较（损失），再把损失的导数逐层传回（反向传播），最后把每个权重和偏置稍作改动（更新）。网络上方的公式栏写明当前阶段及其公式。可以选择每按一次“单步”前进多少：一层、一个样本、一个小批量或一个轮次。</translation>
    </message>
    <message>
        <source>The network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Blue is positive, orange is negative; the wider a line, the larger the number. Choose above whether lines show weights, gradients, updates or what flows through them. The small square at a unit is its bias. Point at anything for its numbers; click it to see how the chain rule makes its gradient.</source>
        <translation>蓝色为正，橙色为负；线越宽，数值越大。可在上方选择连线显示权重、梯度、更新量还是流过的信号。单元旁的小方块是它的偏置。把指针移到任何部分上可查看数值；点击可查看链式法则怎样得出它的梯度。</translation>
    </message>
    <message>
        <source>The chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>The gradient of a weight is a product of factors: how the loss answers to the unit&apos;s activation, how the activation answers to z (the slope), and how z answers to the weight (the activation before it). Each sample of the mini-batch has its own product; their sum is the gradient of the batch.</source>
        <translation>权重的梯度是若干因子的乘积：损失随单元激活值的变化、激活值随 z 的变化（斜率），以及 z 随权重的变化（前一层的激活值）。小批量中的每个样本各有一个乘积；它们合起来就是整批的梯度。</translation>
    </message>
    <message>
        <source>The curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>The pale band is the loss of every single mini-batch, the line over it is smoothed; the dashed line is the loss on rows kept for validation, at each epoch&apos;s end.</source>
        <translation>浅色带是每个小批量的损失，其上的线经过平滑；虚线是每个轮次结束时验证行上的损失。</translation>
    </message>
    <message>
        <source>Your own data</source>
        <translation>使用自己的数据</translation>
    </message>
    <message>
        <source>Open a file, or drop it on the window. The column called class, label, target, species or y is what the network learns to tell, else the last column.</source>
        <translation>打开文件，或把文件拖入窗口。名为 class、label、target、species 或 y 的列是网络要学习的目标；没有这样的列时取最后一列。</translation>
    </message>
    <message>
        <source>Fit the curves into their view</source>
        <translation>把曲线缩放到全图</translation>
    </message>
    <message>
        <source>In the curves: go to that step</source>
        <translation>在曲线中：跳到该步</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>What there is to see</source>
        <translation>可以看到什么</translation>
    </message>
    <message>
        <source>Go from one control to the next, and back</source>
        <translation>在各控件之间前后移动</translation>
    </message>
    <message>
        <source>Paste numbers or rows, where they are typed</source>
        <translation>在键入数字或行的地方粘贴</translation>
    </message>
    <message>
        <source>In the curves: a logarithmic axis</source>
        <translation>曲线中：对数坐标轴</translation>
    </message>
    <message>
        <source>Keys in the network graph</source>
        <translation>网络图中的按键</translation>
    </message>
    <message>
        <source>The sample</source>
        <translation>选择样本</translation>
    </message>
    <message>
        <source>The surface in the graph&apos;s place, and back</source>
        <translation>在网络图的位置显示决策面，再按返回</translation>
    </message>
    <message>
        <source>Hide the numbers, to be predicted, or show them</source>
        <translation>隐藏数字以便预测，或重新显示</translation>
    </message>
    <message>
        <source>End the presentation</source>
        <translation>结束演示</translation>
    </message>
    <message>
        <source>Keys of the presentation (F11)</source>
        <translation>演示模式（F11）中的按键</translation>
    </message>
</context>
<context>
    <name>HiddenRow</name>
    <message>
        <source>Hidden {number}</source>
        <translation>隐藏层 {number}</translation>
    </message>
    <message>
        <source>{layer}, units</source>
        <translation>{layer}，单元数</translation>
    </message>
    <message>
        <source>Remove {layer}</source>
        <translation>移除{layer}</translation>
    </message>
</context>
<context>
    <name>ImportDialog</name>
    <message>
        <source>Looking at {0}</source>
        <translation>正在查看 {0}</translation>
    </message>
    <message>
        <source>Reading {0}</source>
        <translation>正在读取 {0}</translation>
    </message>
    <message>
        <source>pasted text</source>
        <translation>粘贴的文本</translation>
    </message>
    <message>
        <source>text table</source>
        <translation>文本表</translation>
    </message>
    <message>
        <source>workbook</source>
        <translation>工作簿</translation>
    </message>
    <message>
        <source>The file cannot be shown.</source>
        <translation>无法显示该文件。</translation>
    </message>
    <message numerus="yes">
        <source>{0} rows</source>
        <translation>
            <numerusform>{0} 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>about {0} rows</source>
        <translation>
            <numerusform>约 {0} 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} inputs</source>
        <translation>
            <numerusform>{0} 个输入</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} outputs</source>
        <translation>
            <numerusform>{0} 个输出</numerusform>
        </translation>
    </message>
    <message>
        <source>labels, of which a row may have several: {0}</source>
        <translation>标签（一行可有多个）：{0}</translation>
    </message>
    <message>
        <source>regression: {0}</source>
        <translation>回归：{0}</translation>
    </message>
    <message numerus="yes">
        <source>{0}: classification into {1} classes</source>
        <translation>
            <numerusform>{0}：分为 {1} 类</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading</source>
        <translation>读取</translation>
    </message>
    <message>
        <source>Read the whole file and train on it (Ctrl+Enter); Undo brings the old data back</source>
        <translation>读取整个文件并用它训练（Ctrl+回车）；“撤销”可恢复原来的数据</translation>
    </message>
    <message>
        <source>Cancel reading</source>
        <translation>取消读取</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Open data set</source>
        <translation>打开数据集</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>First rows</source>
        <translation>前几行</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>They are counted and named by line, but not trained on</source>
        <translation>会列出其数量和行号，但不用于训练</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>First rows of the file</source>
        <translation>文件的前几行</translation>
    </message>
    <message>
        <source>Columns of the file</source>
        <translation>文件的各列</translation>
    </message>
    <message>
        <source>Problems and warnings</source>
        <translation>问题与警告</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Leave out rows that cannot be read</source>
        <translation>略去无法读取的行</translation>
    </message>
    <message>
        <source>{0}; and {1} more</source>
        <translation>{0}；另有 {1} 项</translation>
    </message>
    <message>
        <source>Counted in the rows looked at; choose category as the type to keep the text.</source>
        <translation>按已查看的行计数；若要保留文本，请将类型选为类别。</translation>
    </message>
    <message>
        <source>{0}: ‘{1}’ becomes missing ({2} ×)</source>
        <translation>{0}：“{1}”视为缺失（{2} 处）</translation>
    </message>
    <message>
        <source>{0}: ‘{1}’ is taken off ({2} ×)</source>
        <translation>{0}：去掉“{1}”（{2} 处）</translation>
    </message>
    <message>
        <source>{0}: ‘{1}’ between thousands is taken off ({2} ×)</source>
        <translation>{0}：去掉千位分隔符“{1}”（{2} 处）</translation>
    </message>
</context>
<context>
    <name>InputsSection</name>
    <message>
        <source>bias</source>
        <translation>偏置</translation>
    </message>
    <message>
        <source>from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>old bias</source>
        <translation>旧偏置</translation>
    </message>
    <message>
        <source>old w</source>
        <translation>旧权重</translation>
    </message>
    <message>
        <source>{symbol} comes from</source>
        <translation>{symbol} 的来源</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Derivative</source>
        <translation>导数</translation>
    </message>
    <message>
        <source>Products of the chain rule</source>
        <translation>链式法则的乘积</translation>
    </message>
    <message>
        <source>Terms of the node&apos;s derivative</source>
        <translation>节点导数的各项</translation>
    </message>
    <message>
        <source>Paths</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Local derivatives of the path</source>
        <translation>路径上的局部导数</translation>
    </message>
    <message>
        <source>Multiplications</source>
        <translation>乘法次数</translation>
    </message>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>Closed form</source>
        <translation>解析式</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检验</translation>
    </message>
    <message>
        <source>Multiplications for all partials</source>
        <translation>求全部偏导所需的乘法</translation>
    </message>
    <message>
        <source>The chain rule for any function</source>
        <translation>适用于任意函数的链式法则</translation>
    </message>
    <message>
        <source>Type a function at the left, or take an example.</source>
        <translation>在左侧输入函数，或选一个示例。</translation>
    </message>
    <message>
        <source>Its derivatives, the paths they come by and their check are then shown here.</source>
        <translation>这里会显示它的各个导数、导数经过的路径以及检验。</translation>
    </message>
    <message>
        <source>Derivative of {output} by {name} at {name} = {value}</source>
        <translation>在 {name} = {value} 处 {output} 对 {name} 的导数</translation>
    </message>
    <message>
        <source>No variable: the value is a constant</source>
        <translation>没有变量：值为常数</translation>
    </message>
    <message>
        <source>Where {ratio} comes from</source>
        <translation>{ratio} 的由来</translation>
    </message>
    <message numerus="yes">
        <source>{count} others</source>
        <translation>
            <numerusform>其余 {count} 个</numerusform>
        </translation>
    </message>
    <message>
        <source>the output itself</source>
        <translation>输出本身</translation>
    </message>
    <message>
        <source>the variable itself</source>
        <translation>该变量本身</translation>
    </message>
    <message>
        <source>another variable</source>
        <translation>另一个变量</translation>
    </message>
    <message>
        <source>the output does not use it</source>
        <translation>输出没有用到它</translation>
    </message>
    <message>
        <source>no way leads here</source>
        <translation>没有路径通到这里</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>to</source>
        <translation>去向</translation>
    </message>
    <message>
        <source>from</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>upstream</source>
        <translation>上游</translation>
    </message>
    <message>
        <source>tangent</source>
        <translation>切向导数</translation>
    </message>
    <message>
        <source>local</source>
        <translation>局部</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>At a kink: one of several local derivatives is taken.</source>
        <translation>位于不可导点：取若干局部导数之一。</translation>
    </message>
    <message>
        <source>Every path from {name} to {output} ({count})</source>
        <translation>从 {name} 到 {output} 的所有路径 ({count})</translation>
    </message>
    <message>
        <source>the others together</source>
        <translation>其余合计</translation>
    </message>
    <message>
        <source>Local derivatives of the chosen path</source>
        <translation>所选路径上的局部导数</translation>
    </message>
    <message>
        <source>finite difference {difference}, relative error {error}</source>
        <translation>有限差分 {difference}，相对误差 {error}</translation>
    </message>
    <message>
        <source>At a kink: there is no derivative to compare with.</source>
        <translation>位于不可导点：没有导数可供比较。</translation>
    </message>
    <message>
        <source>At the edge of where the formula has values: nothing to compare.</source>
        <translation>位于公式取值范围的边缘：无从比较。</translation>
    </message>
    <message>
        <source>Rounding hides what the formula does here: nothing to compare.</source>
        <translation>舍入误差掩盖了公式在此处的变化：无从比较。</translation>
    </message>
    <message numerus="yes">
        <source>{count} passes</source>
        <translation>
            <numerusform>{count} 遍</numerusform>
        </translation>
    </message>
    <message>
        <source>Reverse mode</source>
        <translation>反向模式</translation>
    </message>
    <message>
        <source>Forward mode</source>
        <translation>前向模式</translation>
    </message>
    <message>
        <source>Path by path</source>
        <translation>逐条路径</translation>
    </message>
    <message>
        <source>Second derivatives</source>
        <translation>二阶导数</translation>
    </message>
    <message>
        <source>A kink: slope {left} on the left, {right} on the right.</source>
        <translation>折点：左侧斜率 {left}，右侧斜率 {right}。</translation>
    </message>
    <message>
        <source>Too long to be read on one line; Working has it step by step.</source>
        <translation>太长，一行写不下；“推导过程”中有逐步的写法。</translation>
    </message>
</context>
<context>
    <name>InstrumentsPage</name>
    <message>
        <source>Instruments</source>
        <translation>仪表</translation>
    </message>
</context>
<context>
    <name>JacobianSection</name>
    <message>
        <source>through</source>
        <translation>经由</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>beyond double precision</source>
        <translation>超出双精度</translation>
    </message>
    <message>
        <source>∂L/∂a or the slope is beyond what double precision holds; their product is not</source>
        <translation>∂L/∂a 或斜率超出了双精度所能表示的范围，但它们的乘积没有</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>{symbol} comes from</source>
        <translation>{symbol} 的来源</translation>
    </message>
</context>
<context>
    <name>Lab</name>
    <message>
        <source>Expression lab</source>
        <translation>表达式实验室</translation>
    </message>
    <message>
        <source>Functions</source>
        <translation>函数</translation>
    </message>
    <message>
        <source>The chain rule for a function of numbers</source>
        <translation>数的函数的链式法则</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Gradients in matrix form, with every entry traced</source>
        <translation>矩阵形式的梯度，每个元素都可追溯</translation>
    </message>
</context>
<context>
    <name>LayerRow</name>
    <message>
        <source>{layer}, activation</source>
        <translation>{layer}，激活函数</translation>
    </message>
</context>
<context>
    <name>Lessons</name>
    <message>
        <source>Lessons</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Open lesson</source>
        <translation>打开课程</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>正在打开 {0}</translation>
    </message>
    <message>
        <source>Each number draws other values in the exercises, always the same for the same number.</source>
        <translation>每个编号在练习中抽取不同的数值，同一编号总是相同。</translation>
    </message>
    <message>
        <source>Student number</source>
        <translation>学生编号</translation>
    </message>
    <message>
        <source>Save results</source>
        <translation>保存结果</translation>
    </message>
    <message>
        <source>Saving {0}</source>
        <translation>正在保存 {0}</translation>
    </message>
    <message>
        <source>Lesson finished: {title}. Your own work is back.</source>
        <translation>本课已完成：{title}。您自己的工作已恢复。</translation>
    </message>
    <message>
        <source>Space: reveal</source>
        <translation>空格键：揭晓</translation>
    </message>
    <message>
        <source>Space: next page</source>
        <translation>空格键：下一页</translation>
    </message>
</context>
<context>
    <name>LessonsMenu</name>
    <message>
        <source>Course</source>
        <translation>全部课程</translation>
    </message>
</context>
<context>
    <name>LessonsPage</name>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Close lesson</source>
        <translation>关闭本课</translation>
    </message>
    <message>
        <source>Go back to your own work; how far you are is kept</source>
        <translation>回到您自己的工作；学习进度会保留</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>What the window shows is not the lesson&apos;s network.</source>
        <translation>窗口中显示的不是本课的网络。</translation>
    </message>
    <message>
        <source>Back to it</source>
        <translation>回到本课的网络</translation>
    </message>
    <message>
        <source>page {number} of {count}</source>
        <translation>第 {number} 页，共 {count} 页</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一页</translation>
    </message>
</context>
<context>
    <name>Listing</name>
    <message>
        <source>Listing</source>
        <translation>代码清单</translation>
    </message>
    <message>
        <source>1  The hidden layer sees weights that are new already</source>
        <translation>1  隐藏层用到了已经更新的权重</translation>
    </message>
    <message>
        <source>2  Weights take the sum, biases the mean</source>
        <translation>2  权重取总和，偏置取平均</translation>
    </message>
    <message>
        <source>3  Every call draws the parameters anew</source>
        <translation>3  每次调用都重新随机取参数</translation>
    </message>
    <message>
        <source>Step by step the listing looks like gradient descent on L = ½ Σ (a − t)², summed over the batch. In three things it is not. All numbers here are gradients of L; the listing works with t − a and adds, which comes to the same.</source>
        <translation>逐步看，这段代码像是对整批求和的 L = ½ Σ (a − t)² 做梯度下降，但有三处不是。这里的数都是 L 的梯度；代码用 t − a 并做加法，结果相同。</translation>
    </message>
    <message>
        <source>Step by step the listing looks like gradient descent on L, the loss ({loss}) summed over the batch. In three things it is not. All numbers here are gradients of that L.</source>
        <translation>逐步看来，这段程序像是对 L 做梯度下降，L 是在小批量上求和的损失（{loss}）。有三处却不是。这里的数值都是这个 L 的梯度。</translation>
    </message>
    <message>
        <source>The network itself takes the mean over its {batch} samples: elsewhere in this window loss, δ and gradients are 1/{batch} of these.</source>
        <translation>网络本身对 {batch} 个样本取平均：在本窗口的其他地方，损失、δ 和梯度都是这里的 1/{batch}。</translation>
    </message>
    <message>
        <source>The listing updates the output layer first and then takes {delta} back through the new weights ({moved}). But the outputs were made by the old ones: the chain rule asks how the loss of this forward pass changes with the hidden units, and there w is what it was. With new weights the hidden delta is the gradient of no loss, and can even change its sign (±).</source>
        <translation>代码先更新输出层，再让 {delta} 经过新的权重（{moved}）往回传。但输出是由旧权重算出的：链式法则问的是这一次前向传播的损失如何随隐藏单元变化，那里的 w 仍是旧值。用新权重得到的隐藏层 δ 不是任何损失的梯度，甚至可能变号（±）。</translation>
    </message>
    <message>
        <source>{symbol}, sample {sample}</source>
        <translation>{symbol}，样本 {sample}</translation>
    </message>
    <message>
        <source>the sign has changed</source>
        <translation>符号已改变</translation>
    </message>
    <message>
        <source>{count} more</source>
        <translation>另有 {count} 个</translation>
    </message>
    <message>
        <source>ratio</source>
        <translation>比值</translation>
    </message>
    <message>
        <source>δ · sample</source>
        <translation>δ · 样本</translation>
    </message>
    <message>
        <source>The shares of the {batch} rows are added up for a weight but averaged for a bias. The sum is the gradient of the summed loss, the mean that of the mean loss: each is right, but not both in one step. Its biases move {batch} times less than its weights ask for.</source>
        <translation>对权重，{batch} 行的贡献相加；对偏置，却取平均。总和是总损失的梯度，平均是平均损失的梯度：各自都对，但不能在同一步里并用。偏置的移动只有与权重相配时的 {batch} 分之一。</translation>
    </message>
    <message>
        <source>The function sets its weights and biases to random numbers when it is called. So a loop of calls makes the first step over and over again, from another place each time, and what a step has learned is thrown away. To train, draw once and hand the parameters on.</source>
        <translation>函数每次被调用时都把权重和偏置设为随机数。因此循环调用只是一遍遍地从不同的起点做第一步，每一步学到的都被丢弃。要训练，应只随机取一次，并把参数传下去。</translation>
    </message>
    <message>
        <source>L before the step</source>
        <translation>此步之前的 L</translation>
    </message>
    <message>
        <source>L after it, same rows</source>
        <translation>之后的 L，相同的行</translation>
    </message>
    <message>
        <source>L before the next step</source>
        <translation>下一步之前的 L</translation>
    </message>
    <message>
        <source>drawn anew</source>
        <translation>重新随机取</translation>
    </message>
    <message>
        <source>listing</source>
        <translation>文章代码</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
</context>
<context>
    <name>LossSection</name>
    <message>
        <source>the penalty, beside the loss</source>
        <translation>损失之外的正则项</translation>
    </message>
    <message>
        <source>loss of sample {number}</source>
        <translation>样本 {number} 的损失</translation>
    </message>
</context>
<context>
    <name>LossTermsSection</name>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>The slope and the derivative of the loss cancel to this.</source>
        <translation>斜率与损失的导数相消，得到此式。</translation>
    </message>
    <message>
        <source>{symbol} after cancelling</source>
        <translation>相消后的 {symbol}</translation>
    </message>
    <message>
        <source>{symbol} of {loss}</source>
        <translation>{symbol}（{loss}）</translation>
    </message>
    <message>
        <source>Computed from z: it is not lost where the output is rounded to 1</source>
        <translation>由 z 计算：即使输出被舍入为 1 也不会丢失</translation>
    </message>
    <message>
        <source>1/B, mean over the batch</source>
        <translation>1/B，对小批量取平均</translation>
    </message>
    <message>
        <source>The targets are scaled: loss and δ are of t = (y − m) / s, not of y itself.</source>
        <translation>目标已缩放：损失和 δ 针对 t = (y − m) / s，而不是 y 本身。</translation>
    </message>
    <message>
        <source>s, scale of the target</source>
        <translation>s，目标的缩放系数</translation>
    </message>
    <message>
        <source>m, offset of the target</source>
        <translation>m，目标的偏移量</translation>
    </message>
    <message>
        <source>In the data&apos;s own unit</source>
        <translation>以数据自身的单位表示</translation>
    </message>
</context>
<context>
    <name>MatrixView</name>
    <message>
        <source>Save working</source>
        <translation>保存推导过程</translation>
    </message>
    <message>
        <source>Matrices</source>
        <translation>矩阵</translation>
    </message>
    <message>
        <source>Matrix notation</source>
        <translation>矩阵记号</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>Formulas to begin with</source>
        <translation>可作起点的公式</translation>
    </message>
    <message>
        <source>What is wrong with the formula</source>
        <translation>公式有何错误</translation>
    </message>
    <message>
        <source>Save working…</source>
        <translation>保存推导过程…</translation>
    </message>
    <message>
        <source>All rules and gradients as Markdown, LaTeX, HTML or PDF</source>
        <translation>全部法则与梯度，存为 Markdown、LaTeX、HTML 或 PDF</translation>
    </message>
    <message>
        <source>W = [1, 2; 3, 4] gives numbers, W: 2x3 a shape. @ is the matrix product, * and ⊙ multiply entry by entry, .T transposes. sum, mean and softmax take a matrix, sum(A, 0) goes down its rows. The last line has to be one number. In formulas, 1 with an arrow is a vector of ones.</source>
        <translation>W = [1, 2; 3, 4] 给出数值，W: 2x3 给出形状。@ 是矩阵乘积，* 与 ⊙ 逐元素相乘，.T 转置。sum、mean 与 softmax 的自变量是矩阵，sum(A, 0) 沿列向下求和。最后一行须得到一个数。公式中带箭头的 1 是全 1 向量。</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>法则</translation>
    </message>
    <message>
        <source>What it makes of it</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>Lines and gradients, rule by rule</source>
        <translation>各行与梯度，逐条法则</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Why this step</source>
        <translation>为何有此一步</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Entries of the value</source>
        <translation>值的各元素</translation>
    </message>
    <message>
        <source>Entries of the gradient; choose one to see its paths</source>
        <translation>梯度的各元素；选择一个以查看其路径</translation>
    </message>
    <message>
        <source>Choose an entry to see the paths that make it</source>
        <translation>选择一个元素，查看构成它的路径</translation>
    </message>
    <message>
        <source>Paths of the entry</source>
        <translation>该元素的路径</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前向</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Backward, rule by rule</source>
        <translation>反向，逐条法则</translation>
    </message>
    <message>
        <source>{rule}, share {number} of {all}</source>
        <translation>{rule}，{all} 份中的第 {number} 份</translation>
    </message>
    <message>
        <source>Choose a step under Backward to see why it is so.</source>
        <translation>在“反向”下选择一步，查看原因。</translation>
    </message>
    <message>
        <source>{rule}: {reason}</source>
        <translation>{rule}：{reason}</translation>
    </message>
    <message>
        <source>The entries of a quantity with a name are traced to their paths.</source>
        <translation>有名称的量，其元素可追溯到各条路径。</translation>
    </message>
    <message>
        <source>Too many entries to be traced one by one.</source>
        <translation>元素太多，无法逐一追溯。</translation>
    </message>
    <message>
        <source>Matrix form and entries agree to {difference}.</source>
        <translation>矩阵形式与逐元素结果相差不超过 {difference}。</translation>
    </message>
    <message>
        <source>The paths of entry {entry} ({count})</source>
        <translation>元素 {entry} 的路径（{count}）</translation>
    </message>
    <message>
        <source>the others together</source>
        <translation>其余合计</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>{route}, {count} paths</source>
        <translation>{route}，{count} 条路径</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
</context>
<context>
    <name>MoreSection</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>seed {number}</source>
        <translation>种子 {number}</translation>
    </message>
    <message>
        <source>schedule, penalty, clipping, {seed}</source>
        <translation>学习率调度、正则化、裁剪、{seed}</translation>
    </message>
    <message>
        <source>dropout in {layer}</source>
        <translation>dropout（{layer}）</translation>
    </message>
</context>
<context>
    <name>NamesTable</name>
    <message>
        <source>your name</source>
        <translation>你的名称</translation>
    </message>
    <message>
        <source>shape</source>
        <translation>形状</translation>
    </message>
    <message>
        <source>taken for</source>
        <translation>识别为</translation>
    </message>
    <message>
        <source>What each array is</source>
        <translation>每个数组是什么</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>as found</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>(units below, units)</source>
        <translation>（下层单元，本层单元）</translation>
    </message>
    <message>
        <source>(units, units below)</source>
        <translation>（本层单元，下层单元）</translation>
    </message>
    <message>
        <source>in rows</source>
        <translation>按行</translation>
    </message>
    <message>
        <source>in columns</source>
        <translation>按列</translation>
    </message>
    <message>
        <source>How weights lie</source>
        <translation>权重的排列</translation>
    </message>
    <message>
        <source>How samples lie</source>
        <translation>样本的排列</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>inputs X</source>
        <translation>输入 X</translation>
    </message>
    <message>
        <source>targets T</source>
        <translation>目标 T</translation>
    </message>
    <message>
        <source>{name} before the step</source>
        <translation>更新前的 {name}</translation>
    </message>
    <message>
        <source>{name} after the step</source>
        <translation>更新后的 {name}</translation>
    </message>
    <message>
        <source>Say what the arrays are: choose beside each.</source>
        <translation>请在每个数组旁边选择它是什么。</translation>
    </message>
    <message>
        <source>Weights lie as {weights}, samples {samples}.</source>
        <translation>权重排列为{weights}，样本{samples}排列。</translation>
    </message>
    <message>
        <source>The shapes fit other layouts too: choose below if this is not yours.</source>
        <translation>这些形状也符合别的排列；如果不对，请在下面选择。</translation>
    </message>
    <message>
        <source>Your gradients are those of t − a, and are added: they are turned round here.</source>
        <translation>你的梯度用的是 t − a，并且是相加；这里已反号。</translation>
    </message>
    <message>
        <source>Your deltas come without the 1/B that is in your dW: they have got it here.</source>
        <translation>你的 δ 不含 dW 中的 1/B；这里已补上。</translation>
    </message>
</context>
<context>
    <name>NetworkSection</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>+ Add layer</source>
        <translation>+ 添加层</translation>
    </message>
    <message>
        <source>Add a hidden layer</source>
        <translation>添加一个隐藏层</translation>
    </message>
    <message>
        <source>Add a hidden layer before the output layer</source>
        <translation>在输出层之前添加一个隐藏层</translation>
    </message>
</context>
<context>
    <name>NetworkView</name>
    <message>
        <source>unscaled</source>
        <translation>原始值</translation>
    </message>
    <message>
        <source>units</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>features</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>held at this value</source>
        <translation>保持此值不变</translation>
    </message>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} 个特征</numerusform>
        </translation>
    </message>
    <message>
        <source>δ = ∂L/∂z, with the mean&apos;s 1/{batch}</source>
        <translation>δ = ∂L/∂z，已含小批量平均的 1/{batch}</translation>
    </message>
    <message>
        <source>matrices: rows from, columns to, hatched −</source>
        <translation>矩阵：行为来源，列为去向，斜纹为负</translation>
    </message>
    <message>
        <source>strongest {shown} of {total}</source>
        <translation>最强的 {shown}/{total} 条</translation>
    </message>
    <message>
        <source>joined cells show the largest</source>
        <translation>格子合并处取最大者</translation>
    </message>
    <message>
        <source>Edit value…</source>
        <translation>修改数值…</translation>
    </message>
    <message>
        <source>Unfreeze</source>
        <translation>解冻</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Copy number</source>
        <translation>复制数值</translation>
    </message>
    <message>
        <source>Copy gradient</source>
        <translation>复制梯度</translation>
    </message>
    <message>
        <source>Select next</source>
        <translation>选择下一个</translation>
    </message>
    <message>
        <source>Incoming weight (W)</source>
        <translation>传入权重 (W)</translation>
    </message>
    <message>
        <source>Bias (B)</source>
        <translation>偏置 (B)</translation>
    </message>
    <message>
        <source>Layer (L)</source>
        <translation>层 (L)</translation>
    </message>
    <message>
        <source>To the left</source>
        <translation>向左</translation>
    </message>
    <message>
        <source>To the right</source>
        <translation>向右</translation>
    </message>
    <message>
        <source>Compare with selection</source>
        <translation>与所选项比较</translation>
    </message>
    <message>
        <source>Check this gradient</source>
        <translation>检验此梯度</translation>
    </message>
    <message>
        <source>Network graph</source>
        <translation>网络图</translation>
    </message>
    <message>
        <source>norm of the mini-batch&apos;s gradient</source>
        <translation>小批量梯度的范数</translation>
    </message>
    <message>
        <source>norm of the gradient&apos;s share, sample {sample}</source>
        <translation>样本 {sample} 的梯度贡献的范数</translation>
    </message>
    <message>
        <source>mean of the mini-batch</source>
        <translation>小批量的平均</translation>
    </message>
    <message>
        <source>sum of the mini-batch</source>
        <translation>小批量的总和</translation>
    </message>
    <message>
        <source>sample {sample}</source>
        <translation>样本 {sample}</translation>
    </message>
    <message>
        <source>penalty, before the update</source>
        <translation>更新之前的正则项</translation>
    </message>
    <message>
        <source>step {step} · sample {sample} of {batch} · row {row}</source>
        <translation>第 {step} 步 · 样本 {sample}/{batch} · 第 {row} 行</translation>
    </message>
    <message>
        <source>{symbol}, sample {sample}</source>
        <translation>{symbol}，样本 {sample}</translation>
    </message>
    <message>
        <source>{symbol}, mini-batch</source>
        <translation>{symbol}，小批量</translation>
    </message>
    <message>
        <source>{symbol} after step {step}</source>
        <translation>第 {step} 步之后的 {symbol}</translation>
    </message>
    <message>
        <source>In</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>H{number}</source>
        <translation>隐{number}</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>{layer} · {activation}</source>
        <translation>{layer} · {activation}</translation>
    </message>
    <message>
        <source>class {name}</source>
        <translation>类别 {name}</translation>
    </message>
    <message>
        <source>Loss of the batch</source>
        <translation>小批量损失</translation>
    </message>
    <message>
        <source>sample {number}: {loss}</source>
        <translation>样本 {number}：{loss}</translation>
    </message>
    <message>
        <source>scaled target {value}</source>
        <translation>缩放后的目标 {value}</translation>
    </message>
    <message>
        <source>target {value}</source>
        <translation>目标 {value}</translation>
    </message>
    <message>
        <source>a: activation, mean of the batch of {batch}, step {step}</source>
        <translation>a：激活值，第 {step} 步小批量（{batch} 个样本）的均值</translation>
    </message>
    <message>
        <source>δ = ∂L/∂z, sum over the batch</source>
        <translation>δ = ∂L/∂z，小批量的总和</translation>
    </message>
    <message>
        <source>a: activation, sample {number} of {batch}, step {step}</source>
        <translation>a：激活值，第 {step} 步的样本 {number}/{batch}</translation>
    </message>
    <message>
        <source>δ = ∂L/∂z of the sample</source>
        <translation>δ = ∂L/∂z，该样本的</translation>
    </message>
    <message>
        <source>lines: w, b after step {step}</source>
        <translation>连线：第 {step} 步之后的 w、b</translation>
    </message>
    <message>
        <source>lines: Δw, Δb, what step {step} adds</source>
        <translation>连线：Δw、Δb，第 {step} 步的更新</translation>
    </message>
    <message>
        <source>lines: ∂L/∂w, ∂L/∂b, share of sample {number}</source>
        <translation>连线：∂L/∂w、∂L/∂b 中样本 {number} 的贡献</translation>
    </message>
    <message>
        <source>lines: ∂L/∂w, ∂L/∂b of the batch, step {step}</source>
        <translation>连线：第 {step} 步小批量的 ∂L/∂w、∂L/∂b</translation>
    </message>
    <message>
        <source>▶ the way a goes in this phase</source>
        <translation>▶ 本阶段 a 的传播方向</translation>
    </message>
    <message>
        <source>▶ the way δ goes in this phase</source>
        <translation>▶ 本阶段 δ 的传播方向</translation>
    </message>
    <message>
        <source>? not known yet</source>
        <translation>? 尚未得出</translation>
    </message>
    <message>
        <source>Wheel: zoom. Drag: pan. F: fit. Click: select. Shift+click: compare. Click on a number, or double click: edit. Right button: menu. With the keyboard: Up and Down go to the next unit, bias or weight; W and Shift+W go through the weights into a unit; B selects its bias; L selects its layer; C keeps the selection for comparing; Return edits; K freezes; Escape clears. Shift+Left and Shift+Right go from layer to layer.</source>
        <translation>滚轮：缩放。拖动：平移。F：缩放到全图。单击：选择。Shift+单击：比较。单击数字或双击：编辑。右键：菜单。键盘：上、下键移到后一个或前一个单元、偏置或权重；W 和 Shift+W 在单元的传入权重间移动；B 选择其偏置；L 选择其所在层；C 留住所选项以便比较；回车编辑；K 冻结；Esc 清除选择。Shift+左和 Shift+右在层间移动。</translation>
    </message>
    <message numerus="yes">
        <source>{activation} · {units} units</source>
        <translation>
            <numerusform>{activation} · {units} 个单元</numerusform>
        </translation>
    </message>
    <message>
        <source>solid +, dashed −</source>
        <translation>实线为正、虚线为负</translation>
    </message>
    <message>
        <source>thicker = larger</source>
        <translation>越粗越大</translation>
    </message>
    <message>
        <source>{part}, {value}</source>
        <translation>{part}，{value}</translation>
    </message>
    <message>
        <source>{part}, gradient {gradient}</source>
        <translation>{part}，梯度 {gradient}</translation>
    </message>
    <message>
        <source>{part}, selected</source>
        <translation>{part}，已选中</translation>
    </message>
    <message>
        <source>{part}, frozen</source>
        <translation>{part}，已冻结</translation>
    </message>
</context>
<context>
    <name>Notices</name>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Restart training</source>
        <translation>重新启动训练</translation>
    </message>
    <message>
        <source>{0} Your work is still here.</source>
        <translation>{0}您的工作仍完好无损。</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>重新开始训练</translation>
    </message>
    <message>
        <source>{0} What was trained is lost; the experiment and the data are here.</source>
        <translation>{0}已训练的内容丢失了；实验和数据仍在。</translation>
    </message>
    <message>
        <source>{0} Details are in {1}.</source>
        <translation>{0}详情见 {1}。</translation>
    </message>
    <message>
        <source>{0}, line {1}: {2}</source>
        <translation>{0}，第 {1} 行：{2}</translation>
    </message>
    <message>
        <source>Import…</source>
        <translation>导入…</translation>
    </message>
    <message>
        <source>How it was read…</source>
        <translation>读取方式…</translation>
    </message>
    <message>
        <source>{test} seems to hold rows to test {train}: train on {train}, then drop {test} on Predict.</source>
        <translation>{test} 似乎是用来测试 {train} 的：请先用 {train} 训练，再把 {test} 拖放到“预测”页。</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
    <message>
        <source>Written: {0} and {1} more</source>
        <translation>已写入：{0} 及另外 {1} 个文件</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>The output activation is {activation} now: {old} does not fit these outputs.</source>
        <translation>输出层激活函数现为{activation}：{old}不适合这些输出。</translation>
    </message>
    <message>
        <source>The loss is {loss} now: {old_loss} does not fit these outputs.</source>
        <translation>损失函数现为{loss}：{old_loss}不适合这些输出。</translation>
    </message>
    <message>
        <source>The output activation is {activation} and the loss {loss} now: {old} and {old_loss} do not fit these outputs.</source>
        <translation>输出层激活函数现为{activation}，损失函数现为{loss}：{old}和{old_loss}不适合这些输出。</translation>
    </message>
    <message>
        <source>Nothing is undone: this run has none of these changes.</source>
        <translation>没有撤销任何内容：这次运行中没有这些修改。</translation>
    </message>
    <message>
        <source>The change to undo was made later, at step {step}: go there to undo it.</source>
        <translation>要撤销的修改是后来在第 {step} 步时做的：请到那一步再撤销。</translation>
    </message>
    <message>
        <source>Nothing is redone: this run has none of these changes.</source>
        <translation>没有重做任何内容：这次运行中没有这些修改。</translation>
    </message>
    <message>
        <source>The change to redo was undone later, at step {step}: go there to redo it.</source>
        <translation>要重做的修改是后来在第 {step} 步时撤销的：请到那一步再重做。</translation>
    </message>
    <message>
        <source>The temporary folder takes no more of the series of all steps: {0}.</source>
        <translation>临时文件夹无法再存放各步的数值序列：{0}。</translation>
    </message>
    <message>
        <source>They stay in memory instead: nothing is lost, and training goes on.</source>
        <translation>它们将留在内存中：没有任何丢失，训练继续进行。</translation>
    </message>
    <message>
        <source>Not done yet: {0}. Close again to drop it.</source>
        <translation>尚未完成：{0}。再次关闭将放弃它。</translation>
    </message>
    <message>
        <source>{name}: {warnings}</source>
        <translation>{name}：{warnings}</translation>
    </message>
    <message>
        <source>{0} has the columns that the network takes. Are its rows to be predicted?</source>
        <translation>{0} 含有网络所需的各列。要预测其中的行吗？</translation>
    </message>
    <message>
        <source>Predict them</source>
        <translation>预测这些行</translation>
    </message>
    <message>
        <source>Train on them</source>
        <translation>用于训练</translation>
    </message>
    <message>
        <source>To train on them draws a new network.</source>
        <translation>用于训练会重新抽取一个网络。</translation>
    </message>
    <message>
        <source>{0} files were dropped, and one can be opened at a time. Which?</source>
        <translation>拖入了 {0} 个文件，一次只能打开一个。打开哪个？</translation>
    </message>
    <message>
        <source>It takes about {0} MB from the network. In a terminal it is: {1}</source>
        <translation>需要从网络下载约 {0} MB。也可以在终端中运行：{1}</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Installing {0}</source>
        <translation>正在安装 {0}</translation>
    </message>
</context>
<context>
    <name>NumberAnswer</name>
    <message>
        <source>Your number</source>
        <translation>您的数值</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>一个数</translation>
    </message>
</context>
<context>
    <name>NumberDelegate</name>
    <message>
        <source>New value</source>
        <translation>新的值</translation>
    </message>
</context>
<context>
    <name>NumbersTable</name>
    <message>
        <source>Numbers</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>你的</translation>
    </message>
    <message>
        <source>true</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>yours is</source>
        <translation>你的值是</translation>
    </message>
</context>
<context>
    <name>OrderAnswer</name>
    <message>
        <source>Move {number} up</source>
        <translation>将第 {number} 项上移</translation>
    </message>
    <message>
        <source>Move {number} down</source>
        <translation>将第 {number} 项下移</translation>
    </message>
</context>
<context>
    <name>OutputRow</name>
    <message>
        <source>Output</source>
        <translation>输出层</translation>
    </message>
    <message>
        <source>One unit for each target column of the data</source>
        <translation>数据的每个目标列对应一个单元</translation>
    </message>
</context>
<context>
    <name>OwnNumbersDesk</name>
    <message>
        <source>Checking your numbers</source>
        <translation>正在检查你的数字</translation>
    </message>
    <message>
        <source>pasted program</source>
        <translation>粘贴的程序</translation>
    </message>
    <message>
        <source>Running {0}</source>
        <translation>正在运行 {0}</translation>
    </message>
    <message>
        <source>Training two copies</source>
        <translation>正在训练两个副本</translation>
    </message>
    <message>
        <source>A folder for the test case</source>
        <translation>存放测试用例的文件夹</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Writing a test case</source>
        <translation>正在写入测试用例</translation>
    </message>
    <message>
        <source>Numbers and programs ({0})</source>
        <translation>数字和程序 ({0})</translation>
    </message>
    <message>
        <source>Open my numbers</source>
        <translation>打开我的数字</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
</context>
<context>
    <name>PaintCanvas</name>
    <message>
        <source>Drag to paint points</source>
        <translation>拖动以画点</translation>
    </message>
</context>
<context>
    <name>PaintDialog</name>
    <message>
        <source>painted</source>
        <translation>手绘</translation>
    </message>
    <message>
        <source>{0} cannot be written: {1}</source>
        <translation>无法写入 {0}：{1}</translation>
    </message>
    <message>
        <source>Save points</source>
        <translation>保存点</translation>
    </message>
    <message>
        <source>CSV files</source>
        <translation>CSV 文件</translation>
    </message>
    <message>
        <source>The first end of a range must be less than the second.</source>
        <translation>范围的下限必须小于上限。</translation>
    </message>
    <message>
        <source>Paint points of at least two classes</source>
        <translation>请至少画出两个类别的点</translation>
    </message>
    <message>
        <source>Paint data</source>
        <translation>手绘数据</translation>
    </message>
    <message>
        <source>Plane to paint on</source>
        <translation>绘图平面</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>橡皮擦</translation>
    </message>
    <message>
        <source>Take points away (E)</source>
        <translation>擦去点 (E)</translation>
    </message>
    <message>
        <source>Paint class {0}</source>
        <translation>画类别 {0}</translation>
    </message>
    <message>
        <source>Name of class {0}</source>
        <translation>类别 {0} 的名称</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>画笔大小</translation>
    </message>
    <message>
        <source>Density</source>
        <translation>密度</translation>
    </message>
    <message>
        <source>x1 from</source>
        <translation>x1 范围</translation>
    </message>
    <message>
        <source>x2 from</source>
        <translation>x2 范围</translation>
    </message>
    <message>
        <source>Points dropped at a time</source>
        <translation>每次落下的点数</translation>
    </message>
    <message>
        <source>Least x1</source>
        <translation>x1 的最小值</translation>
    </message>
    <message>
        <source>Largest x1</source>
        <translation>x1 的最大值</translation>
    </message>
    <message>
        <source>Least x2</source>
        <translation>x2 的最小值</translation>
    </message>
    <message>
        <source>Largest x2</source>
        <translation>x2 的最大值</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Save as CSV…</source>
        <translation>存为 CSV…</translation>
    </message>
    <message>
        <source>Use as data set</source>
        <translation>用作数据集</translation>
    </message>
    <message>
        <source>Take the last stroke back (Ctrl+Z)</source>
        <translation>撤回最后一笔 (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Make it again (Ctrl+Shift+Z)</source>
        <translation>重做该笔 (Ctrl+Shift+Z)</translation>
    </message>
    <message>
        <source>Take all points away</source>
        <translation>擦去所有点</translation>
    </message>
    <message numerus="yes">
        <source>{0} points</source>
        <translation>
            <numerusform>{0} 个点</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} classes</source>
        <translation>
            <numerusform>{0} 类</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ParametersModel</name>
    <message>
        <source>bias</source>
        <translation>偏置</translation>
    </message>
</context>
<context>
    <name>ParametersView</name>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Parameters and gradients</source>
        <translation>参数与梯度</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>To</source>
        <translation>去往</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新量</translation>
    </message>
    <message>
        <source>After</source>
        <translation>更新后</translation>
    </message>
    <message>
        <source>Frozen</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Layer the parameter belongs to</source>
        <translation>参数所在的层</translation>
    </message>
    <message>
        <source>Unit it leads from, or bias</source>
        <translation>它来自的单元，或偏置</translation>
    </message>
    <message>
        <source>Unit it leads to</source>
        <translation>它通向的单元</translation>
    </message>
    <message>
        <source>Value before the update of this step</source>
        <translation>本步更新之前的值</translation>
    </message>
    <message>
        <source>What the step adds to the value</source>
        <translation>本步给值加上的量</translation>
    </message>
    <message>
        <source>Value after the update of this step</source>
        <translation>本步更新之后的值</translation>
    </message>
    <message>
        <source>Tick to hold the value</source>
        <translation>勾选以保持该值不变</translation>
    </message>
    <message>
        <source>Layers shown</source>
        <translation>显示的层</translation>
    </message>
    <message>
        <source>Show the parameters of one layer</source>
        <translation>只显示一层的参数</translation>
    </message>
    <message>
        <source>Load…</source>
        <translation>加载…</translation>
    </message>
    <message>
        <source>Load weights and biases</source>
        <translation>加载权重和偏置</translation>
    </message>
    <message>
        <source>Load weights and biases from NPZ, JSON, CSV or text; Ctrl+V in the table pastes matrices</source>
        <translation>从 NPZ、JSON、CSV 或文本加载权重和偏置；在表中按 Ctrl+V 粘贴矩阵</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the numbers with all their digits (Ctrl+C: the selected rows)</source>
        <translation>复制全部位数的数值（Ctrl+C：选中的行）</translation>
    </message>
    <message>
        <source>Selected rows, tab-separated</source>
        <translation>选中的行，制表符分隔</translation>
    </message>
    <message>
        <source>Selected rows, comma-separated</source>
        <translation>选中的行，逗号分隔</translation>
    </message>
    <message>
        <source>All rows shown, tab-separated</source>
        <translation>显示的所有行，制表符分隔</translation>
    </message>
    <message>
        <source>All rows shown, comma-separated</source>
        <translation>显示的所有行，逗号分隔</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>所有层</translation>
    </message>
    <message>
        <source>Gradients: the share of sample {number}</source>
        <translation>梯度：样本 {number} 的贡献</translation>
    </message>
    <message numerus="yes">
        <source>Copying: {count} rows</source>
        <translation>
            <numerusform>正在复制：{count} 行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copied {count} rows</source>
        <translation>
            <numerusform>已复制 {count} 行</numerusform>
        </translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>Derivative of the mini-batch&apos;s loss, without penalty and before clipping</source>
        <translation>小批量损失的导数，不含正则项，裁剪之前</translation>
    </message>
    <message>
        <source>{count} parameters in step {step}</source>
        <translation>第 {step} 步中的 {count} 个参数</translation>
    </message>
</context>
<context>
    <name>PathsSection</name>
    <message>
        <source>come with the backward pass</source>
        <translation>在反向传播时得出</translation>
    </message>
    <message>
        <source>The largest that were found; there may be larger ones.</source>
        <translation>已找到的最大几条；可能还有更大的。</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>This path for sample {sample}</source>
        <translation>样本 {sample} 的这条路径</translation>
    </message>
    <message>
        <source>Every path to the loss, of the batch ({count})</source>
        <translation>到损失的每条路径，整个小批量（{count}）</translation>
    </message>
    <message>
        <source>This path for sample {sample}, with the weights before the step</source>
        <translation>样本 {sample} 的这条路径，用本步之前的权重</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>还有 {count} 项</translation>
    </message>
</context>
<context>
    <name>PhaseRibbon</name>
    <message>
        <source>Phases of the step</source>
        <translation>这一步的各阶段</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Forward {number}</source>
        <translation>前向 {number}</translation>
    </message>
    <message>
        <source>Fwd {number}</source>
        <translation>前向 {number}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Backward {number}</source>
        <translation>反向 {number}</translation>
    </message>
    <message>
        <source>Bwd {number}</source>
        <translation>反向 {number}</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Data: the rows of the mini-batch, as they are fed in</source>
        <translation>数据：小批量的各行，即送入网络的样子</translation>
    </message>
    <message>
        <source>Forward {number}: what {layer} makes of what comes in</source>
        <translation>前向 {number}：由输入算出的结果（{layer}）</translation>
    </message>
    <message>
        <source>Loss: how far the outputs are from the targets</source>
        <translation>损失：输出与目标相差多少</translation>
    </message>
    <message>
        <source>Backward {number}: the δ of {layer} and its gradients</source>
        <translation>反向 {number}：δ 及其梯度（{layer}）</translation>
    </message>
    <message>
        <source>Update: every weight and bias takes its step</source>
        <translation>更新：每个权重和偏置各走一步</translation>
    </message>
    <message>
        <source>{phase}, done</source>
        <translation>{phase}，已完成</translation>
    </message>
    <message>
        <source>{phase}, shown now</source>
        <translation>{phase}，当前显示</translation>
    </message>
    <message>
        <source>{phase}, still to come</source>
        <translation>{phase}，尚未到达</translation>
    </message>
    <message>
        <source>Alt+← and Alt+→ go from phase to phase.</source>
        <translation>Alt+← 和 Alt+→ 在各阶段之间移动。</translation>
    </message>
    <message>
        <source>Layer of the forward pass</source>
        <translation>前向传播的层</translation>
    </message>
    <message>
        <source>Layer of the backward pass</source>
        <translation>反向传播的层</translation>
    </message>
</context>
<context>
    <name>PlaceAnswer</name>
    <message>
        <source>Clicked: {place}</source>
        <translation>已点击：{place}</translation>
    </message>
    <message>
        <source>Click a unit in the graph.</source>
        <translation>请在网络图中点击一个单元。</translation>
    </message>
    <message>
        <source>Click a weight in the graph.</source>
        <translation>请在网络图中点击一个权重。</translation>
    </message>
    <message>
        <source>Click the name of a layer in the graph.</source>
        <translation>请在网络图中点击一层的名称。</translation>
    </message>
    <message>
        <source>Choose a row, with [ and ], in the shares or in the data.</source>
        <translation>请选择一行：用 [ 和 ] 键，或在份额图、数据表中点击。</translation>
    </message>
</context>
<context>
    <name>PredictDesk</name>
    <message>
        <source>Open rows</source>
        <translation>打开数据行</translation>
    </message>
    <message>
        <source>Save predictions</source>
        <translation>保存预测结果</translation>
    </message>
    <message>
        <source>Saving {0}</source>
        <translation>正在保存 {0}</translation>
    </message>
    <message>
        <source>Data sets</source>
        <translation>数据集</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>所有文件</translation>
    </message>
    <message>
        <source>CSV tables</source>
        <translation>CSV 表格</translation>
    </message>
    <message>
        <source>Excel workbooks</source>
        <translation>Excel 工作簿</translation>
    </message>
</context>
<context>
    <name>PredictView</name>
    <message numerus="yes">
        <source>{rows} rows of {name}, as the network predicts them after step {step}</source>
        <translation>
            <numerusform>{name} 的 {rows} 行，由第 {step} 步之后的网络预测</numerusform>
        </translation>
    </message>
    <message>
        <source>the clipboard</source>
        <translation>剪贴板</translation>
    </message>
    <message>
        <source>That network is not shown any more: Update asks the one that is.</source>
        <translation>该网络已不再显示：按“更新”由当前网络预测。</translation>
    </message>
    <message>
        <source>Step {step} is shown now: Update predicts the rows anew.</source>
        <translation>现在显示的是第 {step} 步：按“更新”重新预测。</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>已保存为 {name}。</translation>
    </message>
    <message>
        <source>At most {count} rows are copied at once: save them as a file instead.</source>
        <translation>一次最多复制 {count} 行：请改为保存成文件。</translation>
    </message>
    <message>
        <source>{count} files were dropped, and only the first is predicted.</source>
        <translation>拖放了 {count} 个文件，只预测第一个。</translation>
    </message>
    <message>
        <source>Reading and predicting…</source>
        <translation>正在读取并预测…</translation>
    </message>
    <message>
        <source>Drop a file here, or open one: its rows go through the network as it is now.</source>
        <translation>把文件拖到这里，或打开一个文件：其中的行将通过当前的网络。</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>以及另外 {count} 列</translation>
    </message>
    <message>
        <source>It needs the columns {names}, in any order; the target may be missing.</source>
        <translation>需要以下各列：{names}，顺序不限；目标列可以没有。</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>with a target</source>
        <translation>有目标的行</translation>
    </message>
    <message>
        <source>Of the scaled target, as the network is taught it</source>
        <translation>针对缩放后的目标，即网络所学的数值</translation>
    </message>
    <message>
        <source>mean loss</source>
        <translation>平均损失</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent}%</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>rows with all labels right</source>
        <translation>全部标签都正确的行</translation>
    </message>
    <message>
        <source>The harmonic mean of the label&apos;s precision and recall</source>
        <translation>该标签精确率与召回率的调和平均数</translation>
    </message>
    <message>
        <source>In the target&apos;s own unit</source>
        <translation>以目标自身的单位表示</translation>
    </message>
    <message>
        <source>Of the variance of {name} in these rows, the share that is explained</source>
        <translation>这些行中 {name} 的方差被解释的比例</translation>
    </message>
    <message>
        <source>mean error of {name}</source>
        <translation>{name} 的平均绝对误差</translation>
    </message>
    <message>
        <source>all rows</source>
        <translation>全部行</translation>
    </message>
    <message>
        <source>wrong only</source>
        <translation>仅错误行</translation>
    </message>
    <message>
        <source>Open rows…</source>
        <translation>打开数据行…</translation>
    </message>
    <message>
        <source>Choose a file whose rows go through the network (or paste them with Ctrl+V)</source>
        <translation>选择一个文件，让其中的行通过网络（也可按 Ctrl+V 粘贴）</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Predict the same rows by the network as it is now</source>
        <translation>用当前的网络重新预测这些行</translation>
    </message>
    <message>
        <source>Save…</source>
        <translation>保存…</translation>
    </message>
    <message>
        <source>Save the rows and what is predicted as CSV or Excel</source>
        <translation>把这些行与预测结果保存为 CSV 或 Excel</translation>
    </message>
    <message>
        <source>Show in the graph</source>
        <translation>在图中显示</translation>
    </message>
    <message>
        <source>Show the selected row on its way through the network, as it is now</source>
        <translation>显示所选行在当前网络中的传播过程</translation>
    </message>
    <message>
        <source>Rows that are shown</source>
        <translation>显示的行</translation>
    </message>
    <message>
        <source>Predicted rows</source>
        <translation>预测的行</translation>
    </message>
    <message>
        <source>Watch as test set</source>
        <translation>作为测试集观察</translation>
    </message>
    <message>
        <source>Draw the loss and the metric of these rows at each epoch&apos;s end beside the validation, from now on. They steer nothing; a session does not keep them.</source>
        <translation>从现在起，在每轮结束时把这些行的损失和指标画在验证曲线旁边。它们不影响训练；会话中也不保存。</translation>
    </message>
</context>
<context>
    <name>PredictionsModel</name>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>{0}, predicted</source>
        <translation>{0}（预测）</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>概率</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>true class</source>
        <translation>真实类别</translation>
    </message>
    <message>
        <source>{0}, error</source>
        <translation>{0}，误差</translation>
    </message>
    <message>
        <source>error</source>
        <translation>误差</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>What the network makes of the row after step {0}</source>
        <translation>第 {0} 步之后网络对这一行的判断</translation>
    </message>
    <message>
        <source>The probability of the predicted class, as the network has it</source>
        <translation>网络给出的预测类别的概率</translation>
    </message>
    <message>
        <source>Predicted less true, in the target&apos;s own unit; sorted by size alone</source>
        <translation>预测值减真实值，以目标自身的单位表示；仅按大小排序</translation>
    </message>
    <message>
        <source>The row&apos;s own loss, of the scaled target as the network is taught it</source>
        <translation>该行自身的损失，针对网络所学的缩放后目标</translation>
    </message>
    <message>
        <source>The row&apos;s own loss</source>
        <translation>该行自身的损失</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ 正确</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ 错误</translation>
    </message>
</context>
<context>
    <name>PreparationForm</name>
    <message>
        <source>column {0}</source>
        <translation>列 {0}</translation>
    </message>
    <message>
        <source>What stands in for a missing cell, from the training rows</source>
        <translation>用什么代替缺失的单元格，由训练行得出</translation>
    </message>
    <message>
        <source>How numbers are brought to one scale, fitted on the training rows</source>
        <translation>怎样把数值缩放到同一尺度，依训练行拟合</translation>
    </message>
    <message>
        <source>Share of the rows that is not trained on, but watched</source>
        <translation>不用于训练、只作观察的行所占比例</translation>
    </message>
    <message>
        <source>Which rows are held out for validation</source>
        <translation>留出哪些行作验证</translation>
    </message>
    <message>
        <source>Decides what is drawn: rows held out, first weights, order</source>
        <translation>决定随机抽取的结果：留出的行、初始权重和顺序</translation>
    </message>
</context>
<context>
    <name>Presentation</name>
    <message>
        <source>End the presentation (Esc)</source>
        <translation>结束演示（Esc）</translation>
    </message>
</context>
<context>
    <name>PresentationBar</name>
    <message>
        <source>step {step} &amp;nbsp; loss (this batch) {loss}</source>
        <translation>第 {step} 步 &amp;nbsp; 损失（本小批量）{loss}</translation>
    </message>
    <message>
        <source>Presentation</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Step by</source>
        <translation>单步粒度</translation>
    </message>
</context>
<context>
    <name>Question</name>
    <message>
        <source>In the column {name}, is {evidence} a number with a fraction, or thousands?</source>
        <translation>在列 {name} 中，{evidence} 是带小数的数，还是千位分隔的数？</translation>
    </message>
    <message>
        <source>In the column {name}, which day is {evidence}?</source>
        <translation>在列 {name} 中，{evidence} 是哪一天？</translation>
    </message>
    <message>
        <source>Which of these words are spelt right?</source>
        <translation>下面哪些词的写法正确？</translation>
    </message>
    <message>
        <source>In the column {name}, does {evidence} say that the value is missing?</source>
        <translation>在列 {name} 中，{evidence} 是否表示缺失值？</translation>
    </message>
    <message>
        <source>Which sheet of the workbook is to be read?</source>
        <translation>要读取工作簿的哪个工作表？</translation>
    </message>
    <message>
        <source>Which column is to be learnt?</source>
        <translation>要学习哪一列？</translation>
    </message>
    <message>
        <source>What stands between the columns?</source>
        <translation>各列之间用什么分隔？</translation>
    </message>
    <message>
        <source>No</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Yes, it is missing</source>
        <translation>是，表示缺失</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>spaces</source>
        <translation>若干空白</translation>
    </message>
    <message>
        <source>Does the first row name the columns? It says: {evidence}</source>
        <translation>第一行是列名吗？其内容为：{evidence}</translation>
    </message>
    <message>
        <source>Does the column {name} hold numbers? Cells such as {evidence} would be mistakes, and their rows left out.</source>
        <translation>列 {name} 是数值吗？若是，{evidence} 之类的单元格即为错误，其所在行将被略去。</translation>
    </message>
    <message>
        <source>Yes, names</source>
        <translation>是，列名</translation>
    </message>
    <message>
        <source>No, it is data</source>
        <translation>不，是数据</translation>
    </message>
    <message>
        <source>No, text</source>
        <translation>不，是文本</translation>
    </message>
    <message>
        <source>Yes, numbers</source>
        <translation>是，数值</translation>
    </message>
    <message>
        <source>The column {name} has dates written in several ways, such as {evidence}. Are they all dates?</source>
        <translation>列 {name} 中的日期有几种写法，例如 {evidence}。它们都是日期吗？</translation>
    </message>
    <message>
        <source>In the column {name}, does {evidence} count from 1970 to a moment, as computers do?</source>
        <translation>列 {name} 中的 {evidence} 是计算机从 1970 年起计的时刻吗？</translation>
    </message>
    <message>
        <source>Yes, dates</source>
        <translation>是，都是日期</translation>
    </message>
    <message>
        <source>No, leave them out</source>
        <translation>不是，不使用此列</translation>
    </message>
    <message>
        <source>No, it is a number</source>
        <translation>不是，是数字</translation>
    </message>
    <message>
        <source>Yes, it is {moment}</source>
        <translation>是，即 {moment}</translation>
    </message>
</context>
<context>
    <name>QuestionCard</name>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Seal this answer and see what becomes of it</source>
        <translation>封存这个答案，看看结果如何</translation>
    </message>
    <message>
        <source>Show the answer</source>
        <translation>显示答案</translation>
    </message>
    <message>
        <source>Your first answer</source>
        <translation>您的第一个答案</translation>
    </message>
    <message>
        <source>The answer</source>
        <translation>正确答案</translation>
    </message>
    <message>
        <source>Go there</source>
        <translation>转到此处</translation>
    </message>
    <message>
        <source>Have the window show what this question is about</source>
        <translation>让窗口显示这个问题所讲的内容</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Setup</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>RatesSection</name>
    <message>
        <source>Learning rates</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>The loss over all training rows after some steps more at each rate.</source>
        <translation>以各个学习率再走若干步之后，全部训练行上的损失。</translation>
    </message>
    <message numerus="yes">
        <source>The loss over all training rows after {steps} steps more at each rate, lowest at {best}. A click takes the rate.</source>
        <translation>
            <numerusform>以各个学习率再走 {steps} 步之后，全部训练行上的损失，在 {best} 处最低。点击即采用该学习率。</numerusform>
        </translation>
    </message>
    <message>
        <source>At no rate is the loss still finite.</source>
        <translation>在任何学习率下，损失都不再是有限数。</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>as it is now</source>
        <translation>现在</translation>
    </message>
    <message>
        <source>after the steps</source>
        <translation>这些步之后</translation>
    </message>
    <message>
        <source>set now: {rate}</source>
        <translation>现在所设：{rate}</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
</context>
<context>
    <name>RatioPlot</name>
    <message>
        <source>true ÷ yours, number by number ({count})</source>
        <translation>逐个数字：真值 ÷ 你的值（{count}）</translation>
    </message>
</context>
<context>
    <name>ReadOuts</name>
    <message>
        <source>Read-outs</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>validation loss</source>
        <translation>验证损失</translation>
    </message>
    <message>
        <source>{percent} %</source>
        <translation>{percent}%</translation>
    </message>
    <message>
        <source>Not defined: the targets are all equal, so there is nothing to explain</source>
        <translation>无定义：所有目标值都相同，没有方差可以解释</translation>
    </message>
    <message>
        <source>undefined</source>
        <translation>无定义</translation>
    </message>
    <message>
        <source>validation accuracy</source>
        <translation>验证准确率</translation>
    </message>
    <message>
        <source>validation R²</source>
        <translation>验证 R²</translation>
    </message>
    <message>
        <source>Of the mini-batch of step {step}, before its update</source>
        <translation>第 {step} 步的小批量，更新之前</translation>
    </message>
    <message>
        <source>Of the validation rows, at an epoch&apos;s end</source>
        <translation>验证行的数值，在一个轮次结束时</translation>
    </message>
    <message>
        <source>Of the validation rows after step {step}, an epoch&apos;s end</source>
        <translation>第 {step} 步之后验证行的数值，即一个轮次结束时</translation>
    </message>
    <message numerus="yes">
        <source>The parameters have been updated {step} times</source>
        <translation>
            <numerusform>参数已更新 {step} 次</numerusform>
        </translation>
    </message>
    <message>
        <source>The step that is under way: its update has not been made</source>
        <translation>正在进行的一步：还没有更新参数</translation>
    </message>
    <message>
        <source>The loss is of scaled targets.</source>
        <translation>损失针对缩放后的目标。</translation>
    </message>
    <message>
        <source>in step · ep. {epoch}</source>
        <translation>步内 · 轮次 {epoch}</translation>
    </message>
    <message>
        <source>after step · ep. {epoch}</source>
        <translation>步后 · 轮次 {epoch}</translation>
    </message>
    <message>
        <source>in step · epoch {epoch}</source>
        <translation>步内 · 第 {epoch} 轮次</translation>
    </message>
    <message>
        <source>after step · epoch {epoch}</source>
        <translation>步后 · 第 {epoch} 轮次</translation>
    </message>
    <message>
        <source>{name} (this batch)</source>
        <translation>{name}（本小批量）</translation>
    </message>
    <message>
        <source>{name} (at the start)</source>
        <translation>{name}（开始时）</translation>
    </message>
    <message>
        <source>{name} (ep. {epoch})</source>
        <translation>{name}（轮次 {epoch}）</translation>
    </message>
    <message>
        <source>{name} (end of epoch {epoch})</source>
        <translation>{name}（第 {epoch} 轮次末）</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>ep. {epoch}</source>
        <translation>第 {epoch} 轮</translation>
    </message>
</context>
<context>
    <name>ReadingForm</name>
    <message>
        <source>found: {0}</source>
        <translation>识别为：{0}</translation>
    </message>
    <message>
        <source>find out</source>
        <translation>自动识别</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>comma ,</source>
        <translation>逗号 ,</translation>
    </message>
    <message>
        <source>semicolon ;</source>
        <translation>分号 ;</translation>
    </message>
    <message>
        <source>tab</source>
        <translation>制表符</translation>
    </message>
    <message>
        <source>bar |</source>
        <translation>竖线 |</translation>
    </message>
    <message>
        <source>colon :</source>
        <translation>冒号 :</translation>
    </message>
    <message>
        <source>point .</source>
        <translation>点 .</translation>
    </message>
    <message>
        <source>space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>apostrophe &apos;</source>
        <translation>撇号 &apos;</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>spaces</source>
        <translation>若干空白</translation>
    </message>
    <message>
        <source>Sheet</source>
        <translation>工作表</translation>
    </message>
    <message>
        <source>The sheet of the workbook</source>
        <translation>工作簿中的工作表</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>How bytes stand for letters</source>
        <translation>字节与字符的对应方式</translation>
    </message>
    <message>
        <source>Delimiter</source>
        <translation>分隔符</translation>
    </message>
    <message>
        <source>What stands between the columns</source>
        <translation>列与列之间的符号</translation>
    </message>
    <message>
        <source>Decimal mark</source>
        <translation>小数点</translation>
    </message>
    <message>
        <source>What stands before the fraction of a number</source>
        <translation>小数部分之前的符号</translation>
    </message>
    <message>
        <source>Thousands</source>
        <translation>千位分隔</translation>
    </message>
    <message>
        <source>What stands between groups of three digits</source>
        <translation>每三位数字之间的符号</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>标题行</translation>
    </message>
    <message>
        <source>Whether the first row names the columns</source>
        <translation>第一行是否为列名</translation>
    </message>
    <message>
        <source>Skip lines</source>
        <translation>跳过行数</translation>
    </message>
    <message>
        <source>Lines before the table, such as titles</source>
        <translation>表之前的行，例如题目</translation>
    </message>
    <message>
        <source>Missing words</source>
        <translation>缺失标记</translation>
    </message>
    <message>
        <source>Words or numbers that stand for a missing value here, parted by commas, such as -999</source>
        <translation>在此表示缺失值的词或数，以逗号分隔，例如 -999</translation>
    </message>
</context>
<context>
    <name>ReadingsSection</name>
    <message>
        <source>Readings</source>
        <translation>读数</translation>
    </message>
    <message>
        <source>Over all training rows, or some evenly spread where they are very many. Gradient descent is stable while the largest curvature λ_max times the learning rate η is below 2.</source>
        <translation>针对全部训练行；行数极多时针对其中均匀选取的一些。最大曲率 λ_max 乘以学习率 η 小于 2 时，梯度下降是稳定的。</translation>
    </message>
    <message>
        <source>creeping</source>
        <translation>爬行</translation>
    </message>
    <message>
        <source>good</source>
        <translation>良好</translation>
    </message>
    <message>
        <source>on the edge</source>
        <translation>处于边缘</translation>
    </message>
    <message>
        <source>blowing up</source>
        <translation>发散</translation>
    </message>
    <message>
        <source>way travelled, over the length of the first parameters</source>
        <translation>走过的路程，与初始参数的长度之比</translation>
    </message>
    <message>
        <source>distance from the start, over the same length</source>
        <translation>离起点的距离，与同一长度之比</translation>
    </message>
    <message>
        <source>gradient noise scale: the gradients of all rows together cancel</source>
        <translation>梯度噪声尺度：所有行的梯度互相抵消</translation>
    </message>
    <message>
        <source>rows are the gradient noise scale: a batch of {batch} is mostly noise</source>
        <translation>行是梯度噪声尺度：{batch} 行的批量大多是噪声</translation>
    </message>
    <message>
        <source>rows are the gradient noise scale: a batch of {batch} is mostly signal</source>
        <translation>行是梯度噪声尺度：{batch} 行的批量大多是信号</translation>
    </message>
    <message>
        <source>rows are the gradient noise scale: a batch of {batch} is as much noise as signal</source>
        <translation>行是梯度噪声尺度：{batch} 行的批量里噪声与信号相当</translation>
    </message>
    <message>
        <source>alignment of the samples&apos; gradients: they almost cancel</source>
        <translation>样本梯度的一致程度：几乎互相抵消</translation>
    </message>
    <message>
        <source>alignment of the samples&apos; gradients: they nearly agree</source>
        <translation>样本梯度的一致程度：几乎一致</translation>
    </message>
    <message>
        <source>alignment of the samples&apos; gradients: 0 where they cancel, 1 where all agree</source>
        <translation>样本梯度的一致程度：0 为互相抵消，1 为完全一致</translation>
    </message>
    <message>
        <source>next update over weights, {layer}: it does not move</source>
        <translation>下一次更新量与权重之比（{layer}）：它不动</translation>
    </message>
    <message>
        <source>next update over weights, {layer}: large, much of it changes</source>
        <translation>下一次更新量与权重之比（{layer}）：很大，大部分都会改变</translation>
    </message>
    <message>
        <source>next update over weights, {layer}: tiny, it hardly moves</source>
        <translation>下一次更新量与权重之比（{layer}）：很小，几乎不动</translation>
    </message>
    <message>
        <source>next update over weights, {layer}: usual is about 1/1000</source>
        <translation>下一次更新量与权重之比（{layer}）：通常约为 1/1000</translation>
    </message>
</context>
<context>
    <name>RidgesSection</name>
    <message>
        <source>Histograms</source>
        <translation>直方图</translation>
    </message>
    <message>
        <source>One ridge a step, the newest in front, each as high as its fullest bin.</source>
        <translation>每步一道山脊，最新的在前，各自按最满的一格定高。</translation>
    </message>
    <message>
        <source>weights, biases</source>
        <translation>权重、偏置</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>激活值</translation>
    </message>
    <message>
        <source>gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>No number here is finite.</source>
        <translation>这里没有一个有限数。</translation>
    </message>
    <message>
        <source>After step {step}: {count} of {all} from {low} to {high}</source>
        <translation>第 {step} 步之后：{all} 个中有 {count} 个在 {low} 到 {high} 之间</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>第 {step} 步</translation>
    </message>
</context>
<context>
    <name>RingLegend</name>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>first wrong</source>
        <translation>最先出错</translation>
    </message>
    <message>
        <source>wrong after it</source>
        <translation>随后出错</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>未给出</translation>
    </message>
</context>
<context>
    <name>Row</name>
    <message>
        <source>The lesson holds this as it is.</source>
        <translation>本课将此项固定不变。</translation>
    </message>
</context>
<context>
    <name>RowsEditor</name>
    <message>
        <source>Data rows</source>
        <translation>数据行</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Add row</source>
        <translation>添加行</translation>
    </message>
    <message>
        <source>Remove row</source>
        <translation>删除行</translation>
    </message>
    <message>
        <source>Remove the selected rows</source>
        <translation>删除选中的行</translation>
    </message>
    <message>
        <source>Ctrl+V pastes a whole matrix, from the current cell on</source>
        <translation>按 Ctrl+V 从当前单元格起粘贴整个矩阵</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>类别数</translation>
    </message>
    <message>
        <source>Outputs</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>Not all of it fits: the table has {rows} rows and {columns} columns at most here.</source>
        <translation>放不下全部内容：此处最多 {rows} 行、{columns} 列。</translation>
    </message>
    <message>
        <source>The class must be one of: {classes}.</source>
        <translation>类别必须是其中之一：{classes}。</translation>
    </message>
    <message>
        <source>The first {shown} of {all} rows. An edit makes what is shown here the whole data set.</source>
        <translation>共 {all} 行中的前 {shown} 行。一经编辑，此处所示即成为整个数据集。</translation>
    </message>
    <message>
        <source>typed rows</source>
        <translation>手工输入的行</translation>
    </message>
    <message>
        <source>a label is 0 or 1</source>
        <translation>标签只能是 0 或 1</translation>
    </message>
</context>
<context>
    <name>RowsModel</name>
    <message>
        <source>picture</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>part</source>
        <translation>划分</translation>
    </message>
    <message>
        <source>class</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>{0}, predicted</source>
        <translation>{0}（预测）</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>output a</source>
        <translation>输出 a</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正误</translation>
    </message>
    <message>
        <source>Trained on, or kept for validation; a dot marks the rows of the mini-batch that is shown</source>
        <translation>用于训练，或留作验证；圆点标出当前小批量中的行</translation>
    </message>
    <message>
        <source>✓ right</source>
        <translation>✓ 正确</translation>
    </message>
    <message>
        <source>✗ wrong</source>
        <translation>✗ 错误</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>未使用</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>missing in the file</source>
        <translation>文件中缺失</translation>
    </message>
    <message>
        <source>{0} in the file, {1} for the network</source>
        <translation>文件中为 {0}，网络得到 {1}</translation>
    </message>
    <message>
        <source>The network&apos;s output after step {1}: the larger, the surer it is of {0}</source>
        <translation>第 {1} 步之后网络的输出：越大，越确信是 {0}</translation>
    </message>
    <message>
        <source>The largest of the network&apos;s outputs after step {0}</source>
        <translation>第 {0} 步之后网络的最大输出</translation>
    </message>
    <message>
        <source>This row&apos;s own loss with the parameters after step {0}</source>
        <translation>用第 {0} 步之后的参数，这一行自身的损失</translation>
    </message>
    <message>
        <source>What the network makes of the row after step {0}</source>
        <translation>第 {0} 步之后网络对这一行的判断</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
</context>
<context>
    <name>RunControls</name>
    <message>
        <source>Run controls</source>
        <translation>运行控制</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Back to step 0, with the same initial parameters</source>
        <translation>回到第 0 步，初始参数不变</translation>
    </message>
    <message>
        <source>Step back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Hide the last phase again</source>
        <translation>重新隐藏最后一个阶段</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>单步</translation>
    </message>
    <message>
        <source>by layer</source>
        <translation>按层</translation>
    </message>
    <message>
        <source>by sample</source>
        <translation>按样本</translation>
    </message>
    <message>
        <source>by batch</source>
        <translation>按批</translation>
    </message>
    <message>
        <source>by epoch</source>
        <translation>按轮次</translation>
    </message>
    <message>
        <source>Step by</source>
        <translation>步进单位</translation>
    </message>
    <message>
        <source>Go on by one factor, layer, sample, batch or epoch</source>
        <translation>前进一个因子、一层、一个样本、一批或一个轮次</translation>
    </message>
    <message>
        <source>How far a step goes; by factor needs a weight or bias to be selected</source>
        <translation>一步走多远；按因子时须先选中权重或偏置</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Steps of the chosen kind a second while running</source>
        <translation>运行时每秒所走的步数（按所选单位）</translation>
    </message>
    <message>
        <source>by factor</source>
        <translation>按因子</translation>
    </message>
    <message>
        <source>by factor (layer)</source>
        <translation>按因子（层）</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Stop after the step under way</source>
        <translation>走完当前这一步后停下</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Go on until paused</source>
        <translation>一直运行到暂停</translation>
    </message>
    <message>
        <source>max</source>
        <translation>最快</translation>
    </message>
    <message>
        <source>{rate}/s</source>
        <translation>{rate}/秒</translation>
    </message>
    <message>
        <source>by layer: select a weight or bias to go by factor</source>
        <translation>按层：选中权重或偏置后可按因子步进</translation>
    </message>
    <message>
        <source>Speed, and Pause when…</source>
        <translation>速度和暂停条件…</translation>
    </message>
</context>
<context>
    <name>RunsPanel</name>
    <message>
        <source>Runs</source>
        <translation>运行记录</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>步数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Forked at</source>
        <translation>分叉于</translation>
    </message>
    <message>
        <source>Differs in</source>
        <translation>不同之处</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Go to</source>
        <translation>切换</translation>
    </message>
    <message>
        <source>Make the selected run the current one (Enter)</source>
        <translation>把选中的运行设为当前运行（回车）</translation>
    </message>
    <message>
        <source>Go to the selected run</source>
        <translation>切换到选中的运行</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Delete the selected run</source>
        <translation>删除选中的运行</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>current</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>A pinned run is kept</source>
        <translation>固定的运行会保留</translation>
    </message>
    <message>
        <source>The current run is always drawn</source>
        <translation>当前运行总会画出</translation>
    </message>
    <message>
        <source>Draw the curves of {run} beside the current ones</source>
        <translation>把 {run} 的曲线与当前曲线画在一起</translation>
    </message>
    <message>
        <source>Compare {run}</source>
        <translation>比较 {run}</translation>
    </message>
    <message>
        <source>Pin {run}</source>
        <translation>固定 {run}</translation>
    </message>
    <message>
        <source>{step} of {run}</source>
        <translation>{run} 的第 {step} 步</translation>
    </message>
    <message>
        <source>Run {number}</source>
        <translation>运行 {number}</translation>
    </message>
    <message>
        <source>The current run cannot be deleted: go to another one first</source>
        <translation>当前运行不能删除：请先切换到另一个</translation>
    </message>
    <message>
        <source>A pinned run cannot be deleted: unpin it first</source>
        <translation>固定的运行不能删除：请先取消固定</translation>
    </message>
    <message>
        <source>Forget the selected run (Delete)</source>
        <translation>删除选中的运行 (Delete)</translation>
    </message>
    <message>
        <source>Tick runs to compare them with the current one.</source>
        <translation>勾选运行，与当前运行比较。</translation>
    </message>
    <message>
        <source>Go back, change something and go on: the old future stays here as a run.</source>
        <translation>退回去、做些改动再继续：原来的后续会作为一次运行留在这里。</translation>
    </message>
    <message>
        <source>First different step</source>
        <translation>首个不同的步</translation>
    </message>
    <message>
        <source>All settings are the same.</source>
        <translation>所有设置都相同。</translation>
    </message>
    <message>
        <source>none so far</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Runs that made room for new ones: {count}. Pinned runs stay.</source>
        <translation>为新运行让出位置的运行：{count} 个。固定的运行会保留。</translation>
    </message>
    <message>
        <source>Of the mini-batch of the run&apos;s last step</source>
        <translation>该次运行最后一步的小批量</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>There is nothing to measure yet: make some steps.</source>
        <translation>还没有可测量的：请先走几步。</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>After step {step}.</source>
        <translation>第 {step} 步之后。</translation>
    </message>
    <message>
        <source>It is being measured…</source>
        <translation>正在测量……</translation>
    </message>
    <message>
        <source>Press Measure: it is done on a copy, beside the training.</source>
        <translation>请按“测量”：在副本上进行，不影响训练。</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>还有 {count} 项</translation>
    </message>
</context>
<context>
    <name>SeedRow</name>
    <message>
        <source>New seed</source>
        <translation>新种子</translation>
    </message>
    <message>
        <source>Draw other initial parameters; Undo brings the old network back</source>
        <translation>换一组初始参数；“撤销”可恢复原来的网络</translation>
    </message>
</context>
<context>
    <name>SessionDesk</name>
    <message>
        <source>Looking for work that was left behind</source>
        <translation>正在查找遗留的工作</translation>
    </message>
    <message>
        <source>Sessions and experiments</source>
        <translation>会话和实验</translation>
    </message>
    <message>
        <source>Open session</source>
        <translation>打开会话</translation>
    </message>
    <message>
        <source>Locate the data file…</source>
        <translation>查找数据文件…</translation>
    </message>
    <message>
        <source>Opening {0}</source>
        <translation>正在打开 {0}</translation>
    </message>
    <message>
        <source>Locate the data file</source>
        <translation>查找数据文件</translation>
    </message>
    <message>
        <source>This work has been taken over by another window, or is gone.</source>
        <translation>这份工作已被另一个窗口接管，或已不存在。</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Save session as</source>
        <translation>会话另存为</translation>
    </message>
    <message>
        <source>Save session as…</source>
        <translation>会话另存为…</translation>
    </message>
    <message>
        <source>Saving {0}</source>
        <translation>正在保存 {0}</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>未保存的更改</translation>
    </message>
    <message>
        <source>Save the changes to {0} first? They are lost otherwise.</source>
        <translation>先保存对 {0} 的更改吗？否则将会丢失。</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>实验</translation>
    </message>
    <message>
        <source>Save experiment as TOML</source>
        <translation>将实验存为 TOML</translation>
    </message>
    <message>
        <source>No copy can be kept against a crash: {0}</source>
        <translation>无法保留防崩溃的副本：{0}</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Left behind on {0}</source>
        <translation>遗留于 {0}</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Overwrite</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>See what differs</source>
        <translation>查看差异</translation>
    </message>
    <message>
        <source>Comparing with {0}</source>
        <translation>正在与 {0} 比较</translation>
    </message>
    <message>
        <source>Work was left behind unsaved on {0}: {1}. It comes back up to step {2}.</source>
        <translation>{0} 有未保存的工作遗留：{1}。可恢复到第 {2} 步。</translation>
    </message>
</context>
<context>
    <name>SetupPanel</name>
    <message>
        <source>Setup</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>ShareBars</name>
    <message>
        <source>sample {sample}: {value}</source>
        <translation>样本 {sample}：{value}</translation>
    </message>
</context>
<context>
    <name>SharesSection</name>
    <message>
        <source>Each sample&apos;s share, summing to {sum}</source>
        <translation>各样本的贡献，总和 {sum}</translation>
    </message>
    <message>
        <source>Each sample&apos;s loss, their mean {mean}</source>
        <translation>各样本的损失，均值 {mean}</translation>
    </message>
    <message>
        <source>Each sample&apos;s loss, summing to {sum}</source>
        <translation>各样本的损失，总和 {sum}</translation>
    </message>
    <message>
        <source>Shares of the samples</source>
        <translation>各样本的贡献</translation>
    </message>
    <message>
        <source>Shares, summing to {sum}</source>
        <translation>各份额，合计 {sum}</translation>
    </message>
    <message>
        <source>Losses, mean {mean}</source>
        <translation>各损失，平均 {mean}</translation>
    </message>
    <message>
        <source>Losses, summing to {sum}</source>
        <translation>各损失，合计 {sum}</translation>
    </message>
</context>
<context>
    <name>Shelf</name>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>Each lesson runs on its own network. Your own work is put aside, and comes back when the lesson is closed.</source>
        <translation>每课都在自己的网络上进行。您自己的工作会先放在一边，关闭本课后恢复。</translation>
    </message>
    <message>
        <source>Open lesson…</source>
        <translation>打开课程…</translation>
    </message>
</context>
<context>
    <name>ShowCard</name>
    <message>
        <source>Show it</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Train {count} steps</source>
        <translation>训练 {count} 步</translation>
    </message>
</context>
<context>
    <name>SignAnswer</name>
    <message>
        <source>positive</source>
        <translation>正</translation>
    </message>
    <message>
        <source>negative</source>
        <translation>负</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>零</translation>
    </message>
</context>
<context>
    <name>SlopeSection</name>
    <message>
        <source>Activation with its tangent</source>
        <translation>激活函数及其切线</translation>
    </message>
    <message>
        <source>The activation f, dashed its slope f′, and the tangent at z</source>
        <translation>激活函数 f，虚线为其斜率 f′，以及 z 处的切线</translation>
    </message>
</context>
<context>
    <name>Spark</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>The smoothed loss of all steps. A click shows the curves (Ctrl+2).</source>
        <translation>所有步的平滑损失。单击可显示曲线（Ctrl+2）。</translation>
    </message>
</context>
<context>
    <name>SpectrumSection</name>
    <message>
        <source>Curvature</source>
        <translation>曲率</translation>
    </message>
    <message>
        <source>The second derivatives of the loss over the training rows by each pair of parameters, lines between layers, and the eigenvalues λ. Gradient descent is stable where λ · η is below 2.</source>
        <translation>训练行上的损失对每一对参数的二阶导数（层间画线）及特征值 λ。λ · η 小于 2 时梯度下降是稳定的。</translation>
    </message>
    <message>
        <source>The network has {count} parameters; this is written out for fewer than {most}.</source>
        <translation>网络有 {count} 个参数；少于 {most} 个时才会全部列出。</translation>
    </message>
    <message>
        <source>Not all second derivatives are finite.</source>
        <translation>并非所有二阶导数都是有限数。</translation>
    </message>
</context>
<context>
    <name>Stage</name>
    <message>
        <source>Step {0}</source>
        <translation>第 {0} 步</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>Ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Stopped: a number is too large</source>
        <translation>已停止：数值过大</translation>
    </message>
    <message>
        <source>Stopped: a number is not finite</source>
        <translation>已停止：出现非有限数</translation>
    </message>
    <message>
        <source>Paused by the condition {condition}. {found}</source>
        <translation>因条件“{condition}”而暂停。{found}</translation>
    </message>
    <message numerus="yes">
        <source>{0} steps/s</source>
        <translation>
            <numerusform>{0} 步/秒</numerusform>
        </translation>
    </message>
    <message>
        <source>history {0} MB, {1} MB on disk</source>
        <translation>历史 {0} MB，磁盘 {1} MB</translation>
    </message>
    <message>
        <source>What going back takes: keyframes in memory, and the series of all steps in a file</source>
        <translation>回退所占空间：内存中的关键帧，以及文件中所有步的序列</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
</context>
<context>
    <name>StepBanner</name>
    <message>
        <source>The variables are given</source>
        <translation>变量已给定</translation>
    </message>
    <message>
        <source>Backward · begin</source>
        <translation>反向 · 开始</translation>
    </message>
    <message>
        <source>Backward</source>
        <translation>反向</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前向</translation>
    </message>
</context>
<context>
    <name>StepsDialog</name>
    <message numerus="yes">
        <source>{0} steps</source>
        <translation>
            <numerusform>{0} 步</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{0} steps; at most {1} can be written</source>
        <translation>
            <numerusform>{0} 步；最多可写入 {1} 步</numerusform>
        </translation>
    </message>
    <message>
        <source>No steps: the first comes after the last</source>
        <translation>没有步：起始步在结束步之后</translation>
    </message>
    <message>
        <source>Full records of steps</source>
        <translation>各步完整记录</translation>
    </message>
    <message>
        <source>From step</source>
        <translation>从第几步</translation>
    </message>
    <message>
        <source>To step</source>
        <translation>到第几步</translation>
    </message>
    <message>
        <source>Every so many steps</source>
        <translation>每隔几步</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>另存为…</translation>
    </message>
</context>
<context>
    <name>StripSection</name>
    <message>
        <source>Gradient sizes</source>
        <translation>梯度大小</translation>
    </message>
    <message>
        <source>The norm of each layer&apos;s gradient at every step, darker where it is larger; hatched where it is exactly 0. A diamond marks where a fault began; a click goes to the step.</source>
        <translation>每一步各层梯度的范数，越大颜色越深；恰为 0 处画斜线。菱形标出问题开始的地方；点击可转到那一步。</translation>
    </message>
    <message>
        <source>{layer}, steps {steps}: mean size of the gradient {size}</source>
        <translation>{layer}，第 {steps} 步：梯度的平均大小 {size}</translation>
    </message>
    <message>
        <source>exactly 0 in {share} % of the steps</source>
        <translation>其中 {share} % 的步恰为 0</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>Since step {step}: {cause}</source>
        <translation>自第 {step} 步起：{cause}</translation>
    </message>
</context>
<context>
    <name>StrongestChoice</name>
    <message>
        <source>{shown} of {total} weights</source>
        <translation>{shown} / {total} 个权重</translation>
    </message>
    <message>
        <source>Lines for the strongest:</source>
        <translation>画出最强的连线：</translation>
    </message>
    <message>
        <source>For how many of the strongest weights there are lines</source>
        <translation>为多少个最强的权重画线</translation>
    </message>
    <message>
        <source>Where weights stand as a matrix, only the strongest have lines: 0, 10, 50, 200 or as many as can be drawn; besides these, up to {most} into and out of the unit that is selected or hovered.</source>
        <translation>权重以矩阵显示时，只为最强的权重画线：0、10、50、200 条，或者能画多少画多少；此外还画出所选或悬停单元的输入和输出连线，每侧最多 {most} 条。</translation>
    </message>
</context>
<context>
    <name>SurfaceView</name>
    <message>
        <source>share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>row {0}: target {1}</source>
        <translation>第 {0} 行：目标 {1}</translation>
    </message>
    <message>
        <source>row {0}: {1}</source>
        <translation>第 {0} 行：{1}</translation>
    </message>
    <message>
        <source>row {0}: {1}, predicted {2}</source>
        <translation>第 {0} 行：{1}，预测为 {2}</translation>
    </message>
    <message>
        <source>Decision surface</source>
        <translation>决策面</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>还有 {count} 项</translation>
    </message>
    <message>
        <source>Unit maps: hover or click</source>
        <translation>各单元的图：悬停或单击可放大</translation>
    </message>
    <message>
        <source>The network&apos;s output over two inputs</source>
        <translation>网络输出随两个输入的变化</translation>
    </message>
    <message>
        <source>The wheel zooms, dragging moves; click a row to trace it</source>
        <translation>滚轮缩放，拖动平移；点击一行可追踪它</translation>
    </message>
    <message>
        <source>Maps of the units</source>
        <translation>各单元的图</translation>
    </message>
    <message>
        <source>All data</source>
        <translation>全部数据</translation>
    </message>
    <message>
        <source>See all rows again</source>
        <translation>重新查看所有行</translation>
    </message>
    <message>
        <source>See all rows</source>
        <translation>查看所有行</translation>
    </message>
    <message>
        <source>The network with the parameters after step {0}</source>
        <translation>用第 {0} 步之后参数的网络</translation>
    </message>
    <message>
        <source>Network output</source>
        <translation>网络输出</translation>
    </message>
    <message>
        <source>over {names}, the others as in row {row}</source>
        <translation>横纵轴为 {names}，其余取第 {row} 行的值</translation>
    </message>
    <message>
        <source>over {names}, the others at their mean</source>
        <translation>横纵轴为 {names}，其余取均值</translation>
    </message>
    <message>
        <source>over {names}, the others as pinned</source>
        <translation>横纵轴为 {names}，其余取固定值</translation>
    </message>
    <message>
        <source>live · after step {step}</source>
        <translation>实时 · 第 {step} 步后</translation>
    </message>
    <message>
        <source>after step {step}</source>
        <translation>第 {step} 步之后</translation>
    </message>
    <message>
        <source>class {name}</source>
        <translation>类别 {name}</translation>
    </message>
    <message>
        <source>this batch</source>
        <translation>本小批量</translation>
    </message>
    <message>
        <source>sample {number}</source>
        <translation>样本 {number}</translation>
    </message>
    <message>
        <source>Axes…</source>
        <translation>坐标轴…</translation>
    </message>
    <message>
        <source>Choose which inputs vary, and where the others stand</source>
        <translation>选择哪些输入变化，以及其余输入固定在何处</translation>
    </message>
</context>
<context>
    <name>Table</name>
    <message>
        <source>Copy number</source>
        <translation>复制数值</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>复制表格</translation>
    </message>
</context>
<context>
    <name>TangentPlot</name>
    <message>
        <source>{output} over {name}</source>
        <translation>{output} 随 {name} 的变化</translation>
    </message>
    <message>
        <source>slope {slope} at {name} = {value}</source>
        <translation>{name} = {value} 处的斜率 {slope}</translation>
    </message>
    <message>
        <source>Curve with its tangent</source>
        <translation>曲线及其切线</translation>
    </message>
    <message>
        <source>curve</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>tangent</source>
        <translation>切线</translation>
    </message>
    <message>
        <source>parabola</source>
        <translation>抛物线</translation>
    </message>
    <message>
        <source>Taylor&apos;s parabola: value, slope and second derivative</source>
        <translation>泰勒抛物线：值、斜率与二阶导数</translation>
    </message>
</context>
<context>
    <name>TermsSection</name>
    <message>
        <source>to</source>
        <translation>去向</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>old w</source>
        <translation>旧权重</translation>
    </message>
    <message>
        <source>new w</source>
        <translation>新权重</translation>
    </message>
    <message>
        <source>{symbol} comes from</source>
        <translation>{symbol} 的来源</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>Drag to any step that has been made</source>
        <translation>拖到任何已走过的步</translation>
    </message>
    <message>
        <source>After step {step} of {all} that have been made</source>
        <translation>第 {step} 步之后，共完成 {all} 步</translation>
    </message>
    <message>
        <source>Since step {step}: {cause}</source>
        <translation>自第 {step} 步起：{cause}</translation>
    </message>
    <message>
        <source>paused: {condition}</source>
        <translation>已暂停：{condition}</translation>
    </message>
    <message>
        <source>bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Step {step}: {text}</source>
        <translation>第 {step} 步：{text}</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Mark this step, to come back to it (Ctrl+M)</source>
        <translation>标记这一步，以便回来（Ctrl+M）</translation>
    </message>
</context>
<context>
    <name>TrainingSection</name>
    <message>
        <source>Training</source>
        <translation>训练</translation>
    </message>
</context>
<context>
    <name>TwoCurves</name>
    <message>
        <source>Planted on purpose: not a run of your training, and saved nowhere</source>
        <translation>故意植入错误：不属于你的训练，也不会保存</translation>
    </message>
    <message numerus="yes">
        <source>After {steps} steps from here: right {right}, with the mistake {other}</source>
        <translation>
            <numerusform>从这里起 {steps} 步之后：正确 {right}，带错误 {other}</numerusform>
        </translation>
    </message>
    <message>
        <source>right step</source>
        <translation>正确的步骤</translation>
    </message>
    <message>
        <source>with the mistake</source>
        <translation>带错误</translation>
    </message>
</context>
<context>
    <name>TypedTable</name>
    <message>
        <source>Type what you worked out by hand, as many numbers as you like. Each is judged to the digits you type: 0.1498 agrees with 0.14978.</source>
        <translation>输入你手算的结果，几个数都可以。按你输入的位数判断：0.1498 与 0.14978 一致。</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Forget all that was typed</source>
        <translation>清除所有输入</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>量</translation>
    </message>
    <message>
        <source>Numbers worked out by hand</source>
        <translation>手算的数字</translation>
    </message>
    <message>
        <source>{name} after the step</source>
        <translation>更新后的 {name}</translation>
    </message>
    <message>
        <source>This is too large to be typed: paste it, or open a file.</source>
        <translation>太大，不便手工输入；请粘贴或打开文件。</translation>
    </message>
    <message>
        <source>{symbol} of unit {unit}, sample {sample}</source>
        <translation>{symbol}，单元 {unit}，样本 {sample}</translation>
    </message>
    <message>
        <source>{symbol} after the step</source>
        <translation>更新后的 {symbol}</translation>
    </message>
    <message>
        <source>Row {row}, column {column}: &apos;{text}&apos; is not a number.</source>
        <translation>第 {row} 行第 {column} 列：“{text}”不是数字。</translation>
    </message>
    <message>
        <source>sample {number}</source>
        <translation>样本 {number}</translation>
    </message>
</context>
<context>
    <name>UnitsSection</name>
    <message>
        <source>unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Units of the layer, sample {sample}</source>
        <translation>本层各单元，样本 {sample}</translation>
    </message>
    <message>
        <source>Inputs, sample {sample}</source>
        <translation>输入，样本 {sample}</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Outputs, sample {sample}</source>
        <translation>输出，样本 {sample}</translation>
    </message>
</context>
<context>
    <name>UpdateSection</name>
    <message>
        <source>held: it is not updated</source>
        <translation>已冻结：不更新</translation>
    </message>
    <message>
        <source>updates so far</source>
        <translation>至今的更新次数</translation>
    </message>
    <message>
        <source>{symbol} before the step</source>
        <translation>本步之前的 {symbol}</translation>
    </message>
    <message>
        <source>{symbol} after the step</source>
        <translation>本步之后的 {symbol}</translation>
    </message>
    <message>
        <source>Update · {optimizer}, η = {rate}</source>
        <translation>更新 · {optimizer}，η = {rate}</translation>
    </message>
    <message>
        <source>Show less</source>
        <translation>收起</translation>
    </message>
    <message>
        <source>How it comes about</source>
        <translation>如何得出</translation>
    </message>
    <message>
        <source>It comes with the update.</source>
        <translation>在更新阶段得出。</translation>
    </message>
</context>
<context>
    <name>ValueEditor</name>
    <message>
        <source>Enter sets it, Escape leaves it; 1/3 and 2e-3 will do.</source>
        <translation>回车确定，Esc 放弃；可输入 1/3 或 2e-3。</translation>
    </message>
    <message>
        <source>{value} is too large for this precision. Keep below {largest}.</source>
        <translation>{value} 超出此精度的范围，须小于 {largest}。</translation>
    </message>
</context>
<context>
    <name>VariableRow</name>
    <message>
        <source>Show everything by {name}</source>
        <translation>全部改为对 {name}</translation>
    </message>
    <message>
        <source>Value of {name}, slider</source>
        <translation>{name} 的值，滑块</translation>
    </message>
    <message>
        <source>Drag to change {name}</source>
        <translation>拖动以改变 {name}</translation>
    </message>
    <message>
        <source>Value of {name}</source>
        <translation>{name} 的值</translation>
    </message>
    <message>
        <source>Least value of {name} on the slider</source>
        <translation>{name} 滑块的最小值</translation>
    </message>
    <message>
        <source>Greatest value of {name} on the slider</source>
        <translation>{name} 滑块的最大值</translation>
    </message>
    <message>
        <source>Partial derivative by {name}</source>
        <translation>对 {name} 的偏导数</translation>
    </message>
</context>
<context>
    <name>VerdictCard</name>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Why it is this</source>
        <translation>为什么是这个错误</translation>
    </message>
    <message>
        <source>Your line, most likely</source>
        <translation>你的代码（很可能）</translation>
    </message>
    <message>
        <source>The right line</source>
        <translation>正确的代码</translation>
    </message>
    <message>
        <source>Why it happens</source>
        <translation>为什么会犯</translation>
    </message>
    <message>
        <source>What this batch cannot tell</source>
        <translation>这个批次看不出的</translation>
    </message>
    <message>
        <source>The program printed</source>
        <translation>程序的输出</translation>
    </message>
    <message>
        <source>See what it does to training</source>
        <translation>看看对训练的影响</translation>
    </message>
    <message>
        <source>Train two copies from here, one with the mistake planted; neither is kept</source>
        <translation>从这里训练两个副本，其中一个植入该错误；都不保留</translation>
    </message>
    <message>
        <source>Show me</source>
        <translation>带我看</translation>
    </message>
    <message>
        <source>Go to this factor of the true pass in the main window</source>
        <translation>在主窗口中转到正确计算的这个因子</translation>
    </message>
    <message>
        <source>Mistakes that give the same numbers</source>
        <translation>得出同样数字的错误</translation>
    </message>
    <message>
        <source>{count} known mistakes give exactly these numbers; what was given does not tell them apart.</source>
        <translation>有 {count} 个已知错误恰好得出这些数字；仅凭给出的数字无法区分它们。</translation>
    </message>
    <message>
        <source>It wrote {names} into its working folder, which is gone.</source>
        <translation>它在其工作文件夹中写入了 {names}，该文件夹已删除。</translation>
    </message>
    <message>
        <source>This step starts from data and weights of its own, which the main window does not have; a step that is checked against the one shown there can be walked through</source>
        <translation>这一步从它自己的数据和权重出发，主窗口里没有；与主窗口所示的一步对照检查的，才能在那里走一遍</translation>
    </message>
    <message>
        <source>Nothing checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>Paste the numbers of your own step, drop a file, or type a few that you worked out by hand. What is first wrong is said here, and which mistake it is.</source>
        <translation>粘贴你自己那一步的数字、拖入文件，或输入几个手算的数。这里会说明最先错在哪里，以及是哪种错误。</translation>
    </message>
    <message>
        <source>All of it agrees</source>
        <translation>全部一致</translation>
    </message>
    <message>
        <source>Numbers recomputed: {count}. Yours are the same, to the digits you gave.</source>
        <translation>重新计算了 {count} 个数字，按你给出的位数完全一致。</translation>
    </message>
    <message>
        <source>It cannot be known</source>
        <translation>无法判断</translation>
    </message>
    <message>
        <source>Without the dropout masks these cannot be recomputed: {names}.</source>
        <translation>没有随机失活掩码，无法重新计算：{names}。</translation>
    </message>
    <message>
        <source>Give mask1, … too: 1 for each unit that was kept, 0 for each that was dropped.</source>
        <translation>请同时给出 mask1 等：保留的单元为 1，丢弃的为 0。</translation>
    </message>
    <message>
        <source>First wrong quantity</source>
        <translation>最先出错的量</translation>
    </message>
    <message>
        <source>Two mistakes at once:</source>
        <translation>同时有两个错误：</translation>
    </message>
    <message>
        <source>Multiplied out: {place}</source>
        <translation>逐项相乘：{place}</translation>
    </message>
    <message>
        <source>true: {sum}</source>
        <translation>正确：{sum}</translation>
    </message>
    <message>
        <source>yours: {sum}</source>
        <translation>你的：{sum}</translation>
    </message>
    <message>
        <source>{number}; how it came about is not known</source>
        <translation>{number}；不知道是怎么得出的</translation>
    </message>
    <message>
        <source>the sum of {a} · {delta} over the {count} samples</source>
        <translation>{count} 个样本的 {a} · {delta} 之和</translation>
    </message>
    <message>
        <source>the sum of {delta} over the {count} samples</source>
        <translation>{count} 个样本的 {delta} 之和</translation>
    </message>
    <message>
        <source>the error, times the slope where the loss does not cancel it, times the batch&apos;s factor</source>
        <translation>误差 ·（若损失未将其约去）斜率 · 批量因子</translation>
    </message>
    <message>
        <source>what comes down (∂L/∂a) · the slope f′(z)</source>
        <translation>上游梯度（∂L/∂a）· 斜率 f′(z)</translation>
    </message>
    <message>
        <source>the sum of a · w over the units below, and b</source>
        <translation>下层各单元 a · w 之和，再加 b</translation>
    </message>
    <message>
        <source>the sum of the samples&apos; losses, each with the batch&apos;s factor</source>
        <translation>各样本损失乘以批量因子后求和</translation>
    </message>
    <message>
        <source>{before} before − η · its update</source>
        <translation>更新前的 {before} − η · 更新量</translation>
    </message>
    <message>
        <source>The loss of this batch, before and after one update (η = {rate})</source>
        <translation>一次更新前后，本批的损失（η = {rate}）</translation>
    </message>
    <message>
        <source>right</source>
        <translation>正确</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>你的</translation>
    </message>
    <message>
        <source>before</source>
        <translation>更新前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>更新后</translation>
    </message>
    <message>
        <source>change</source>
        <translation>变化</translation>
    </message>
</context>
<context>
    <name>WeightImages</name>
    <message>
        <source>First layer&apos;s weights as pictures</source>
        <translation>第一层权重的图像</translation>
    </message>
    <message>
        <source>sample {number} · row {row}</source>
        <translation>样本 {number} · 第 {row} 行</translation>
    </message>
    <message>
        <source>class {name}</source>
        <translation>类别 {name}</translation>
    </message>
    <message>
        <source>Weights into the units of {layer} after step {step}: blue positive, orange negative, full colour from ±{limit}</source>
        <translation>第 {step} 步之后进入各单元的权重（{layer}）：蓝色为正，橙色为负，±{limit} 起为全色</translation>
    </message>
</context>
<context>
    <name>WeightsDesk</name>
    <message>
        <source>Weights and biases ({0})</source>
        <translation>权重和偏置 ({0})</translation>
    </message>
    <message>
        <source>Load weights</source>
        <translation>加载权重</translation>
    </message>
    <message>
        <source>Reading weights</source>
        <translation>正在读取权重</translation>
    </message>
    <message>
        <source>Taken: {names}. A new training starts from them; Undo brings the old one back.</source>
        <translation>已采用：{names}。从这些参数开始新的训练；撤销可恢复原来的训练。</translation>
    </message>
    <message>
        <source>Turned round, as they were (units, units below): {names}.</source>
        <translation>已转置（原为本层单元 × 下层单元）：{names}。</translation>
    </message>
    <message>
        <source>Square, and taken as (units below, units): {names}.</source>
        <translation>方阵，按（下层单元，本层单元）处理：{names}。</translation>
    </message>
    <message>
        <source>Left out: {names}.</source>
        <translation>未采用：{names}。</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>New here? A tour of two minutes shows what can be done; Help has it later, too.</source>
        <translation>第一次使用？两分钟的导览会展示可以做什么；以后也可从“帮助”菜单打开。</translation>
    </message>
    <message>
        <source>Start the tour</source>
        <translation>开始导览</translation>
    </message>
</context>
<context>
    <name>WorkingView</name>
    <message>
        <source>Rule</source>
        <translation>法则</translation>
    </message>
    <message>
        <source>What it makes of it</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>The derivative, rule by rule</source>
        <translation>导数，逐条法则</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>为什么？</translation>
    </message>
    <message>
        <source>Why this step</source>
        <translation>为何有此一步</translation>
    </message>
    <message>
        <source>Type a function of a variable: its derivative is worked out here.</source>
        <translation>请输入一个变量的函数：其导数在此逐步求出。</translation>
    </message>
    <message>
        <source>Nothing to derive by: the value is a constant.</source>
        <translation>没有可求导的变量：值为常数。</translation>
    </message>
    <message>
        <source>Too long to be written out. The graph has its derivative all the same.</source>
        <translation>太长，无法写出。计算图中仍有其导数。</translation>
    </message>
    <message>
        <source>With all lines put in</source>
        <translation>代入各行之后</translation>
    </message>
    <message>
        <source>{name} derived by {variable}</source>
        <translation>{name} 对 {variable} 求导</translation>
    </message>
    <message>
        <source>Choose a step to see why it is so.</source>
        <translation>选择一步，查看原因。</translation>
    </message>
    <message>
        <source>{rule}: {reason}</source>
        <translation>{rule}：{reason}</translation>
    </message>
</context>
<context>
    <name>WorksheetDialog</name>
    <message>
        <source>Print worksheet</source>
        <translation>打印练习单</translation>
    </message>
    <message>
        <source>With the solution on a sheet of its own</source>
        <translation>另附一页解答</translation>
    </message>
    <message>
        <source>First student&apos;s number</source>
        <translation>第一个学生的编号</translation>
    </message>
    <message>
        <source>Students</source>
        <translation>学生人数</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>纸张</translation>
    </message>
    <message>
        <source>Save as PDF or HTML…</source>
        <translation>另存为 PDF 或 HTML…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>_ColumnsModel</name>
    <message>
        <source>Click to choose: what is learnt from, what is learnt, or neither</source>
        <translation>点击选择：用来学习的、要学习的，或两者都不是</translation>
    </message>
    <message numerus="yes">
        <source>{0} values: {1}</source>
        <translation>
            <numerusform>{0} 种取值：{1}</numerusform>
        </translation>
    </message>
    <message>
        <source>{0} to {1}</source>
        <translation>{0} 到 {1}</translation>
    </message>
    <message>
        <source>Column</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>取值</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Click to choose: a number, a category with an input for each value, the days of a date, or its year, month and weekday</source>
        <translation>点击选择：数字、每个值一个输入的类别、日期的天数，或其年、月和星期</translation>
    </message>
</context>
<context>
    <name>_DataRow</name>
    <message>
        <source>Data set</source>
        <translation>数据集</translation>
    </message>
    <message numerus="yes">
        <source>{rows} rows, {training} train · {inputs} → {outputs}</source>
        <translation>
            <numerusform>{rows} 行，训练 {training} 行 · {inputs} → {outputs}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{training} of {rows} rows are trained on.</source>
        <translation>
            <numerusform>{rows} 行中有 {training} 行用于训练。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} 个特征</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} outputs</source>
        <translation>
            <numerusform>{count} 个输出</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_InputsRow</name>
    <message>
        <source>Inputs</source>
        <translation>输入层</translation>
    </message>
    <message numerus="yes">
        <source>{count} features</source>
        <translation>
            <numerusform>{count} 个特征</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>_Pin</name>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
</context>
<context>
    <name>_PreviewModel</name>
    <message>
        <source>This cell cannot be read as its column is.</source>
        <translation>此单元格无法按其所在列的类型读取。</translation>
    </message>
    <message>
        <source>Line {0} of the file</source>
        <translation>文件的第 {0} 行</translation>
    </message>
    <message>
        <source>Click to choose what the column is for</source>
        <translation>点击选择此列的用途</translation>
    </message>
</context>
<context>
    <name>_Row</name>
    <message>
        <source>Pause when: {condition}</source>
        <translation>暂停条件：{condition}</translation>
    </message>
    <message>
        <source>Remove the condition: {condition}</source>
        <translation>移除条件：{condition}</translation>
    </message>
    <message>
        <source>Select where it came true</source>
        <translation>选中条件成立之处</translation>
    </message>
    <message>
        <source>This network has no such place: it is not looked at.</source>
        <translation>此网络中没有这个位置：不作检查。</translation>
    </message>
    <message>
        <source>Nothing is held out for validation: it is not looked at.</source>
        <translation>没有留出验证集：不作检查。</translation>
    </message>
</context>
<context>
    <name>_Sheet</name>
    <message>
        <source>Unit {0}: weights from {1} to {2}</source>
        <translation>单元 {0}：权重从 {1} 到 {2}</translation>
    </message>
    <message>
        <source>Unit {0} of {1}: a from {2} to {3} over this plane, after step {4}</source>
        <translation>{1}单元 {0}：第 {4} 步之后，此平面上 a 从 {2} 到 {3}</translation>
    </message>
</context>
<context>
    <name>actions</name>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>New session</source>
        <translation>新建会话</translation>
    </message>
    <message>
        <source>Open session…</source>
        <translation>打开会话…</translation>
    </message>
    <message>
        <source>Recent sessions</source>
        <translation>最近的会话</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>保存会话</translation>
    </message>
    <message>
        <source>Save session as…</source>
        <translation>会话另存为…</translation>
    </message>
    <message>
        <source>Save experiment as TOML…</source>
        <translation>将实验存为 TOML…</translation>
    </message>
    <message>
        <source>Open data set…</source>
        <translation>打开数据集…</translation>
    </message>
    <message>
        <source>Import data set…</source>
        <translation>导入数据集…</translation>
    </message>
    <message>
        <source>Paste data…</source>
        <translation>粘贴数据…</translation>
    </message>
    <message>
        <source>Open recent</source>
        <translation>最近打开</translation>
    </message>
    <message>
        <source>Generate data…</source>
        <translation>生成数据…</translation>
    </message>
    <message>
        <source>Paint data…</source>
        <translation>绘制数据…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>编辑</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Edit data rows…</source>
        <translation>编辑数据行…</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>New seed</source>
        <translation>新种子</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Fit network</source>
        <translation>网络缩放到全图</translation>
    </message>
    <message>
        <source>Reset layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Text size</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Usual size</source>
        <translation>默认大小</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Next phase</source>
        <translation>下一阶段</translation>
    </message>
    <message>
        <source>Previous phase</source>
        <translation>上一阶段</translation>
    </message>
    <message>
        <source>Previous sample</source>
        <translation>上一个样本</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>下一个样本</translation>
    </message>
    <message>
        <source>Pause when this…</source>
        <translation>在此处设暂停条件…</translation>
    </message>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Slow</source>
        <translation>慢速</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Animation</source>
        <translation>动画</translation>
    </message>
    <message>
        <source>Find unit or layer…</source>
        <translation>查找单元或层…</translation>
    </message>
    <message>
        <source>Present</source>
        <translation>演示</translation>
    </message>
    <message>
        <source>Tour</source>
        <translation>导览</translation>
    </message>
    <message>
        <source>Lessons</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Open lesson…</source>
        <translation>打开课程…</translation>
    </message>
    <message>
        <source>Student number…</source>
        <translation>学生编号…</translation>
    </message>
    <message>
        <source>Begin the lesson again</source>
        <translation>重新开始本课</translation>
    </message>
    <message>
        <source>Save results…</source>
        <translation>保存结果…</translation>
    </message>
    <message>
        <source>Close lesson</source>
        <translation>关闭本课</translation>
    </message>
    <message>
        <source>Print worksheet…</source>
        <translation>打印练习单…</translation>
    </message>
</context>
<context>
    <name>catalogue</name>
    <message>
        <source>value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>loss below</source>
        <translation>损失低于</translation>
    </message>
    <message>
        <source>loss above</source>
        <translation>损失高于</translation>
    </message>
    <message>
        <source>for … epochs</source>
        <translation>连续 … 个轮次</translation>
    </message>
    <message>
        <source>validation loss not improved</source>
        <translation>验证损失不再改善</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>gradient norm below</source>
        <translation>梯度范数低于</translation>
    </message>
    <message>
        <source>gradient norm above</source>
        <translation>梯度范数高于</translation>
    </message>
    <message>
        <source>for … steps</source>
        <translation>连续 … 步</translation>
    </message>
    <message>
        <source>a ReLU is dead</source>
        <translation>有 ReLU 单元死亡</translation>
    </message>
    <message>
        <source>slope below</source>
        <translation>斜率低于</translation>
    </message>
    <message>
        <source>a unit is saturated</source>
        <translation>有单元饱和</translation>
    </message>
    <message>
        <source>from unit</source>
        <translation>起始单元</translation>
    </message>
    <message>
        <source>to unit</source>
        <translation>目标单元</translation>
    </message>
    <message>
        <source>weight crosses</source>
        <translation>权重越过</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>bias crosses</source>
        <translation>偏置越过</translation>
    </message>
    <message>
        <source>step</source>
        <translation>步</translation>
    </message>
    <message>
        <source>step reached</source>
        <translation>达到步数</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>epoch complete</source>
        <translation>轮次完成</translation>
    </message>
    <message>
        <source>XOR</source>
        <translation>XOR</translation>
    </message>
    <message>
        <source>copies of each corner</source>
        <translation>每个角点的份数</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>circles</source>
        <translation>同心圆</translation>
    </message>
    <message>
        <source>rows</source>
        <translation>行数</translation>
    </message>
    <message>
        <source>radius of the inner circle</source>
        <translation>内圆半径</translation>
    </message>
    <message>
        <source>spiral</source>
        <translation>螺旋</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>类别数</translation>
    </message>
    <message>
        <source>turns</source>
        <translation>圈数</translation>
    </message>
    <message>
        <source>Gaussians</source>
        <translation>高斯簇</translation>
    </message>
    <message>
        <source>spread</source>
        <translation>离散度</translation>
    </message>
    <message>
        <source>moons</source>
        <translation>双月</translation>
    </message>
    <message>
        <source>plane (regression)</source>
        <translation>平面（回归）</translation>
    </message>
    <message>
        <source>slope along x1</source>
        <translation>沿 x1 的斜率</translation>
    </message>
    <message>
        <source>slope along x2</source>
        <translation>沿 x2 的斜率</translation>
    </message>
    <message>
        <source>offset</source>
        <translation>偏移</translation>
    </message>
    <message>
        <source>noisy sine (regression)</source>
        <translation>含噪正弦（回归）</translation>
    </message>
    <message>
        <source>periods</source>
        <translation>周期数</translation>
    </message>
    <message>
        <source>linear</source>
        <translation>线性</translation>
    </message>
    <message>
        <source>sigmoid</source>
        <translation>sigmoid</translation>
    </message>
    <message>
        <source>slope below 0</source>
        <translation>0 以下的斜率</translation>
    </message>
    <message>
        <source>leaky ReLU</source>
        <translation>leaky ReLU</translation>
    </message>
    <message>
        <source>hard sigmoid</source>
        <translation>hard sigmoid</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>全零</translation>
    </message>
    <message>
        <source>constant value</source>
        <translation>常数值</translation>
    </message>
    <message>
        <source>from</source>
        <translation>下限</translation>
    </message>
    <message>
        <source>to</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>uniform</source>
        <translation>均匀分布</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>standard deviation</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>normal</source>
        <translation>正态分布</translation>
    </message>
    <message>
        <source>Xavier uniform</source>
        <translation>Xavier 均匀</translation>
    </message>
    <message>
        <source>Xavier normal</source>
        <translation>Xavier 正态</translation>
    </message>
    <message>
        <source>He uniform</source>
        <translation>He 均匀</translation>
    </message>
    <message>
        <source>He normal</source>
        <translation>He 正态</translation>
    </message>
    <message>
        <source>LeCun normal</source>
        <translation>LeCun 正态</translation>
    </message>
    <message>
        <source>gain</source>
        <translation>增益</translation>
    </message>
    <message>
        <source>orthogonal</source>
        <translation>正交</translation>
    </message>
    <message>
        <source>squared error ½Σ</source>
        <translation>平方误差 ½Σ</translation>
    </message>
    <message>
        <source>mean squared error</source>
        <translation>均方误差</translation>
    </message>
    <message>
        <source>mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>from quadratic to linear at</source>
        <translation>由二次转为线性处</translation>
    </message>
    <message>
        <source>binary cross-entropy</source>
        <translation>二元交叉熵</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>hinge</source>
        <translation>合页损失</translation>
    </message>
    <message>
        <source>momentum μ</source>
        <translation>动量 μ</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>decay ρ</source>
        <translation>衰减率 ρ</translation>
    </message>
    <message>
        <source>weight decay λ</source>
        <translation>权重衰减 λ</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>limit</source>
        <translation>上限</translation>
    </message>
    <message>
        <source>by value</source>
        <translation>按值</translation>
    </message>
    <message>
        <source>by global norm</source>
        <translation>按全局范数</translation>
    </message>
    <message>
        <source>constant</source>
        <translation>恒定</translation>
    </message>
    <message>
        <source>every … epochs</source>
        <translation>每 … 个轮次</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>倍率</translation>
    </message>
    <message>
        <source>in steps</source>
        <translation>阶梯式</translation>
    </message>
    <message>
        <source>exponential</source>
        <translation>指数</translation>
    </message>
    <message>
        <source>over … epochs</source>
        <translation>历时 … 个轮次</translation>
    </message>
    <message>
        <source>lowest factor</source>
        <translation>最低倍率</translation>
    </message>
    <message>
        <source>cosine</source>
        <translation>余弦</translation>
    </message>
    <message>
        <source>over … steps</source>
        <translation>历时 … 步</translation>
    </message>
    <message>
        <source>linear warm-up</source>
        <translation>线性预热</translation>
    </message>
    <message>
        <source>patience, epochs</source>
        <translation>容忍轮次</translation>
    </message>
    <message>
        <source>reduce on plateau</source>
        <translation>停滞时降低</translation>
    </message>
</context>
<context>
    <name>checkNumbers</name>
    <message>
        <source>{count} quantities</source>
        <translation>{count} 个量</translation>
    </message>
    <message>
        <source>= true</source>
        <translation>= 真值</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>不是有限数</translation>
    </message>
    <message>
        <source>true is 0</source>
        <translation>真值为 0</translation>
    </message>
    <message>
        <source>true</source>
        <translation>真值</translation>
    </message>
    <message>
        <source>? not known</source>
        <translation>? 无法判断</translation>
    </message>
    <message>
        <source>agrees</source>
        <translation>一致</translation>
    </message>
    <message>
        <source>first wrong one</source>
        <translation>最先出错</translation>
    </message>
    <message>
        <source>wrong too</source>
        <translation>也不对</translation>
    </message>
    <message>
        <source>right: {count}</source>
        <translation>正确：{count}</translation>
    </message>
    <message>
        <source>wrong: {count}</source>
        <translation>错误：{count}</translation>
    </message>
    <message>
        <source>What comes before is right: {names}. So it goes wrong at {first}.</source>
        <translation>前面都对：{names}。所以是从 {first} 开始出错的。</translation>
    </message>
    <message>
        <source>The step was made again from the same start with this one line changed: it gives all your numbers ({count}), to the digits you gave.</source>
        <translation>从同样的起点、只改这一行重新计算这一步：按你给出的位数，得出你的全部数字（{count} 个）。</translation>
    </message>
    <message>
        <source>No single known mistake gives your numbers. With these two lines changed the step gives all of them ({count}), to the digits you gave.</source>
        <translation>没有哪一个已知错误单独得出你的数字。改动这两行后，这一步按你给出的位数得出全部数字（{count} 个）。</translation>
    </message>
    <message>
        <source>It explains {names} as well: there is no second mistake.</source>
        <translation>它也解释了 {names}：没有第二个错误。</translation>
    </message>
    <message>
        <source>It differs first in {place}. No single known mistake gives your numbers; for two at once this network is too large.</source>
        <translation>最先在 {place} 处不同。没有哪一个已知错误能得出你的数字；这个网络太大，没有尝试两个错误的组合。</translation>
    </message>
    <message>
        <source>It differs first in {place}; none of the known mistakes gives your numbers, nor do any two.</source>
        <translation>最先在 {place} 处不同；没有任何已知错误（单个或两个）能得出你的数字。</translation>
    </message>
    <message>
        <source>before</source>
        <translation>更新前</translation>
    </message>
</context>
<context>
    <name>command</name>
    <message>
        <source>held out for validation are the rows that &apos;{column}&apos; marks</source>
        <translation>留作验证的是“{column}”列标出的行</translation>
    </message>
    <message>
        <source>diagnosis: {finding}</source>
        <translation>诊断：{finding}</translation>
    </message>
    <message>
        <source>data: {value}</source>
        <translation>数据：{value}</translation>
    </message>
    <message>
        <source>step: {value}</source>
        <translation>步：{value}</translation>
    </message>
    <message>
        <source>epoch: {value}</source>
        <translation>轮次：{value}</translation>
    </message>
    <message>
        <source>steps made: {value}</source>
        <translation>本次步数：{value}</translation>
    </message>
    <message>
        <source>loss: {value}</source>
        <translation>损失：{value}</translation>
    </message>
    <message>
        <source>penalty: {value}</source>
        <translation>正则项：{value}</translation>
    </message>
    <message>
        <source>metric: {value}</source>
        <translation>指标：{value}</translation>
    </message>
    <message>
        <source>learning rate: {value}</source>
        <translation>学习率：{value}</translation>
    </message>
    <message>
        <source>validation loss: {value}</source>
        <translation>验证损失：{value}</translation>
    </message>
    <message>
        <source>validation metric: {value}</source>
        <translation>验证指标：{value}</translation>
    </message>
    <message>
        <source>seconds: {value}</source>
        <translation>秒数：{value}</translation>
    </message>
    <message>
        <source>diverged: {value}</source>
        <translation>发散：{value}</translation>
    </message>
    <message>
        <source>loss: {value} ({name}, mean over the mini-batch of step {step}, before its update)</source>
        <translation>损失：{value}（{name}，第 {step} 步的小批量上的平均值，更新之前）</translation>
    </message>
    <message>
        <source>loss: {value} ({name}, summed over the mini-batch of step {step}, before its update)</source>
        <translation>损失：{value}（{name}，第 {step} 步的小批量上的总和，更新之前）</translation>
    </message>
    <message>
        <source>validation loss: {value} ({name}, mean over the {rows} validation rows after step {step})</source>
        <translation>验证损失：{value}（{name}，第 {step} 步之后 {rows} 个验证行上的平均值）</translation>
    </message>
    <message>
        <source>validation loss: {value} ({name}, summed over the {rows} validation rows after step {step})</source>
        <translation>验证损失：{value}（{name}，第 {step} 步之后 {rows} 个验证行上的总和）</translation>
    </message>
    <message>
        <source>metric: {value} (accuracy on the same rows)</source>
        <translation>指标：{value}（相同行上的准确率）</translation>
    </message>
    <message>
        <source>metric: {value} (share of right labels on the same rows)</source>
        <translation>指标：{value}（相同行上正确标签的比例）</translation>
    </message>
    <message>
        <source>metric: {value} (R² on the same rows)</source>
        <translation>指标：{value}（相同行上的 R²）</translation>
    </message>
    <message>
        <source>validation metric: {value} (accuracy on these rows)</source>
        <translation>验证指标：{value}（这些行上的准确率）</translation>
    </message>
    <message>
        <source>validation metric: {value} (share of right labels on these rows)</source>
        <translation>验证指标：{value}（这些行上正确标签的比例）</translation>
    </message>
    <message>
        <source>validation metric: {value} (R² on these rows)</source>
        <translation>验证指标：{value}（这些行上的 R²）</translation>
    </message>
    <message>
        <source>metric: not defined, for all targets are equal</source>
        <translation>指标：无定义，因为所有目标都相等</translation>
    </message>
    <message>
        <source>none of the causes that are known was proved</source>
        <translation>已知的原因中没有一个得到证实</translation>
    </message>
    <message>
        <source>there is nothing to examine before the first step</source>
        <translation>第一步之前没有可检查的内容</translation>
    </message>
    <message>
        <source>nothing was found that keeps it from learning</source>
        <translation>没有发现妨碍它学习的原因</translation>
    </message>
</context>
<context>
    <name>conditions</name>
    <message>
        <source>loss &lt; {value}</source>
        <translation>损失 &lt; {value}</translation>
    </message>
    <message>
        <source>loss &gt; {value}</source>
        <translation>损失 &gt; {value}</translation>
    </message>
    <message>
        <source>validation loss not improved for {epochs} epochs</source>
        <translation>验证损失连续 {epochs} 个轮次不再改善</translation>
    </message>
    <message>
        <source>a ReLU dead for {steps} steps</source>
        <translation>有 ReLU 单元连续 {steps} 步死亡</translation>
    </message>
    <message>
        <source>a unit with |f′| &lt; {slope} for {steps} steps</source>
        <translation>有单元连续 {steps} 步 |f′| &lt; {slope}</translation>
    </message>
    <message>
        <source>{parameter} crosses {value}</source>
        <translation>{parameter} 越过 {value}</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>第 {step} 步</translation>
    </message>
    <message>
        <source>epoch {epoch} complete</source>
        <translation>第 {epoch} 轮次完成</translation>
    </message>
    <message>
        <source>{parameter} changes sign</source>
        <translation>{parameter} 变号</translation>
    </message>
    <message>
        <source>Step {step}: {unit}, |f′| ≤ {value}</source>
        <translation>第 {step} 步：{unit}，|f′| ≤ {value}</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>第 {step} 步</translation>
    </message>
    <message>
        <source>Step {step}: {value}</source>
        <translation>第 {step} 步：{value}</translation>
    </message>
    <message>
        <source>‖∂L/∂{weights}‖ &lt; {value}</source>
        <translation>‖∂L/∂{weights}‖ &lt; {value}</translation>
    </message>
    <message>
        <source>‖∂L/∂{weights}‖ &gt; {value}</source>
        <translation>‖∂L/∂{weights}‖ &gt; {value}</translation>
    </message>
    <message>
        <source>validation loss not improved for 1 epoch</source>
        <translation>验证损失连续 1 个轮次不再改善</translation>
    </message>
    <message>
        <source>a ReLU dead for 1 step</source>
        <translation>有 ReLU 单元连续 1 步死亡</translation>
    </message>
    <message>
        <source>a unit with |f′| &lt; {slope} for 1 step</source>
        <translation>有单元连续 1 步 |f′| &lt; {slope}</translation>
    </message>
</context>
<context>
    <name>derivation</name>
    <message>
        <source>{count} more</source>
        <translation>另有 {count} 项</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>input {number}</source>
        <translation>输入 {number}</translation>
    </message>
    <message>
        <source>Network {sizes}, step {step}, mini-batch of {batch}, learning rate $\eta = {rate}$.</source>
        <translation>网络 {sizes}，第 {step} 步，小批量 {batch} 行，学习率 $\eta = {rate}$。</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>activation</source>
        <translation>激活函数</translation>
    </message>
    <message>
        <source>The weight ${symbol}$ from {source} to {unit}</source>
        <translation>从{source}到{unit}的权重 ${symbol}$</translation>
    </message>
    <message>
        <source>The bias ${symbol}$ of {unit}</source>
        <translation>{unit}的偏置 ${symbol}$</translation>
    </message>
    <message>
        <source>Forward pass of sample {sample} (row {row})</source>
        <translation>样本 {sample} 的前向传播（第 {row} 行）</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>The factors of sample {sample}</source>
        <translation>样本 {sample} 的各个因子</translation>
    </message>
    <message>
        <source>$L$ is the mean over the batch, so every derivative of sample {sample} has the factor $\frac{{1}}{{{batch}}}$ in it.</source>
        <translation>$L$ 是整批的平均，因此样本 {sample} 的每个导数都含有因子 $\frac{{1}}{{{batch}}}$。</translation>
    </message>
    <message>
        <source>to</source>
        <translation>去往</translation>
    </message>
    <message>
        <source>With the slope of the output, the loss&apos;s own derivative cancels to $a - t$:</source>
        <translation>损失自身的导数与输出的斜率相消，得到 $a - t$：</translation>
    </message>
    <message>
        <source>Dropout multiplies the activation, and so the slope, with {mask}.</source>
        <translation>随机失活将激活值（因而斜率）乘以 {mask}。</translation>
    </message>
    <message>
        <source>With softmax ${z}$ acts on every activation of its layer, with the slope $a_i\,([i = j] - a_j)$:</source>
        <translation>在 softmax 中，${z}$ 影响本层的每个激活值，斜率为 $a_i\,([i = j] - a_j)$：</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>product</source>
        <translation>乘积</translation>
    </message>
    <message>
        <source>The next layer has been updated before: these are its new weights, so that this is not the gradient of the loss.</source>
        <translation>下一层在此之前已经更新：这里是它的新权重，因此这不是损失的梯度。</translation>
    </message>
    <message>
        <source>The sum over the batch</source>
        <translation>对整批求和</translation>
    </message>
    <message>
        <source>sample {sample}, row {row}</source>
        <translation>样本 {sample}，第 {row} 行</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Update ({optimizer})</source>
        <translation>更新（{optimizer}）</translation>
    </message>
    <message>
        <source>The parameter is held: it stays ${value}$.</source>
        <translation>该参数被冻结：保持为 ${value}$。</translation>
    </message>
    <message>
        <source>Before the step the optimizer holds:</source>
        <translation>此步之前优化器保存着：</translation>
    </message>
    <message>
        <source>In the step:</source>
        <translation>在这一步中：</translation>
    </message>
    <message>
        <source>The penalty ${formula}$ with $\lambda = {strength}$ adds:</source>
        <translation>正则项 ${formula}$（$\lambda = {strength}$）加上：</translation>
    </message>
    <message>
        <source>Clipped to at most ${limit}$ in size:</source>
        <translation>裁剪到绝对值不超过 ${limit}$：</translation>
    </message>
    <message>
        <source>The whole gradient is clipped to the norm ${limit}$, by the factor:</source>
        <translation>整个梯度被裁剪到范数 ${limit}$，因子为：</translation>
    </message>
    <message>
        <source>Step {step}, worked out</source>
        <translation>第 {step} 步的完整推导</translation>
    </message>
    <message>
        <source>Matrices have a row for each sample of the mini-batch; $\odot$ multiplies entry by entry.</source>
        <translation>矩阵的每一行对应小批量中的一个样本；$\odot$ 表示逐元素相乘。</translation>
    </message>
    <message>
        <source>Of large matrices the first rows and columns and the last are written out.</source>
        <translation>较大的矩阵只写出开头和最后的行与列。</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Rows {rows} of the data set.</source>
        <translation>数据集的第 {rows} 行。</translation>
    </message>
    <message>
        <source>Forward pass</source>
        <translation>前向传播</translation>
    </message>
    <message>
        <source>Backward pass</source>
        <translation>反向传播</translation>
    </message>
    <message>
        <source>All derivatives are of the mean loss: $\frac{{1}}{{{batch}}}$ is in them.</source>
        <translation>所有导数都是平均损失的导数：其中含有 $\frac{{1}}{{{batch}}}$。</translation>
    </message>
    <message>
        <source>A layer is updated before its delta goes on to the layer below: the weights that it goes back through are the new ones, so that below the output these are not the gradients of the loss.</source>
        <translation>一层先更新，它的 δ 再传到下面一层：回传所经的是新权重，因此输出层以下的都不是损失的梯度。</translation>
    </message>
    <message>
        <source>Each row of $\delta$ is multiplied with the Jacobian of its softmax:</source>
        <translation>$\delta$ 的每一行都乘以其 softmax 的雅可比矩阵：</translation>
    </message>
    <message>
        <source>Of ${symbol}$, {count} are held.</source>
        <translation>${symbol}$ 中有 {count} 个被冻结。</translation>
    </message>
    <message>
        <source>Beside it stands the penalty ${formula} = {value}$.</source>
        <translation>另有正则项 ${formula} = {value}$。</translation>
    </message>
    <message>
        <source>Here $\frac{{\partial L}}{{\partial a_i}}$ is beyond what double precision holds; only its product with the slope is not.</source>
        <translation>这里 $\frac{{\partial L}}{{\partial a_i}}$ 超出了双精度所能表示的范围，只有它与斜率的乘积没有。</translation>
    </message>
    <message>
        <source>The targets are scaled, $t = (y - m) / s$: an output $a$ stands for $s \cdot a + m$ in the data&apos;s own unit, and the loss is of scaled targets.</source>
        <translation>目标已缩放，$t = (y - m) / s$：输出 $a$ 以数据自身的单位表示为 $s \cdot a + m$，损失针对缩放后的目标。</translation>
    </message>
    <message>
        <source>Softmax: each unit has its share of the sum of all exponentials. The largest $z$ is taken off first, $m = {number}$: that changes no share, and no exponential is too large.</source>
        <translation>Softmax：每个单元占所有指数之和的一份。先减去最大的 $z$，$m = {number}$：这不改变任何份额，也不会有指数过大。</translation>
    </message>
    <message>
        <source>Backward pass of sample {sample}</source>
        <translation>样本 {sample} 的反向传播</translation>
    </message>
    <message>
        <source>Of these {count}, those that are largest in size are worked out:</source>
        <translation>其中共 {count} 个，写出绝对值最大的几个：</translation>
    </message>
    <message>
        <source>Row {row} of the data, and what is made of it:</source>
        <translation>数据的第 {row} 行，以及由它得到的输入：</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>in the data</source>
        <translation>数据中的值</translation>
    </message>
    <message>
        <source>filled</source>
        <translation>填补后</translation>
    </message>
    <message>
        <source>{count} more inputs are made likewise.</source>
        <translation>另外 {count} 个输入以同样方式得到。</translation>
    </message>
    <message>
        <source>In the data {count} of their cells are missing.</source>
        <translation>数据中它们有 {count} 个单元格缺失。</translation>
    </message>
    <message>
        <source>$R$ are the rows as in the data; each column is scaled, $x = (r - m) / s$:</source>
        <translation>$R$ 是数据中的原始行；每一列都经过缩放，$x = (r - m) / s$：</translation>
    </message>
    <message>
        <source>unit {number} of {layer}</source>
        <translation>{layer} 单元 {number}</translation>
    </message>
    <message>
        <source>The unit acts on the loss through every unit of {layer}:</source>
        <translation>该单元通过下一层（{layer}）的每个单元影响损失：</translation>
    </message>
</context>
<context>
    <name>diagnose</name>
    <message>
        <source>Inputs out of scale</source>
        <translation>输入的尺度不当</translation>
    </message>
    <message>
        <source>The gradient of a first weight is its input times δ. A column in the thousands has gradients a thousand times those of a column around 1: no learning rate suits both, and sigmoid and tanh units saturate.</source>
        <translation>第一层权重的梯度等于它的输入乘以 δ。数值上千的列，其梯度是数值在 1 附近的列的上千倍：没有哪个学习率能同时适合两者，sigmoid 和 tanh 单元也会饱和。</translation>
    </message>
    <message>
        <source>Mean and deviation of every column that the network is fed, beside 0 and 1.</source>
        <translation>网络所输入的每一列的均值和标准差，与 0 和 1 相比。</translation>
    </message>
    <message>
        <source>Scale the inputs to mean 0 and deviation 1.</source>
        <translation>请把输入缩放到均值 0、标准差 1。</translation>
    </message>
    <message>
        <source>Input {name} has mean {mean:.4g} and deviation {deviation:.4g}, not 0 and 1.</source>
        <translation>输入 {name} 的均值为 {mean:.4g}，标准差为 {deviation:.4g}，而不是 0 和 1。</translation>
    </message>
    <message>
        <source>Targets out of scale</source>
        <translation>目标值的尺度不当</translation>
    </message>
    <message>
        <source>Where targets are in the hundreds, the first losses and gradients are enormous, or the output has a long way to go with steps made for numbers around 1.</source>
        <translation>目标值达到数百时，起初的损失和梯度会非常大；或者输出要走很长的路，而步长却是为 1 附近的数设计的。</translation>
    </message>
    <message>
        <source>Mean and deviation of the targets, beside what the network gives at the start.</source>
        <translation>目标值的均值和标准差，与网络起初的输出相比。</translation>
    </message>
    <message>
        <source>The targets of {name} have mean {mean:.4g} and deviation {deviation:.4g}, far from what the network gives at the start.</source>
        <translation>{name} 的目标值均值为 {mean:.4g}，标准差为 {deviation:.4g}，与网络起初的输出相去甚远。</translation>
    </message>
    <message>
        <source>Output cannot reach the targets</source>
        <translation>输出达不到目标值</translation>
    </message>
    <message>
        <source>A sigmoid gives values between 0 and 1, a ReLU none below 0. Targets outside are never met: the output goes to the edge of its range, where it is flat, and stays there.</source>
        <translation>sigmoid 的值在 0 与 1 之间，ReLU 的值不低于 0。在此之外的目标永远达不到：输出会走到值域的边缘，那里是平的，于是停在那里。</translation>
    </message>
    <message>
        <source>The range of the output function, beside the targets.</source>
        <translation>输出函数的值域，与目标值相比。</translation>
    </message>
    <message>
        <source>Give the output layer a function whose range holds them, such as linear.</source>
        <translation>请给输出层换一个值域包含目标值的函数，例如线性函数。</translation>
    </message>
    <message>
        <source>The output function {function} gives values from {low:.4g} to {high:.4g}, and {share:.0%} of the targets lie outside.</source>
        <translation>输出函数 {function} 的值在 {low:.4g} 到 {high:.4g} 之间，而 {share:.0%} 的目标值在此之外。</translation>
    </message>
    <message>
        <source>The output function {function} gives no value below {low:.4g}, and {share:.0%} of the targets lie there.</source>
        <translation>输出函数 {function} 的值不会低于 {low:.4g}，而 {share:.0%} 的目标值在其下。</translation>
    </message>
    <message>
        <source>Rows that contradict each other</source>
        <translation>相互矛盾的行</translation>
    </message>
    <message>
        <source>A network gives equal inputs one answer. Where the data give them several, it can at best come between them, and the loss that is left is no fault of the training.</source>
        <translation>对相同的输入，网络只有一个答案。如果数据给出了几个，它至多取其折中，余下的损失不是训练的过错。</translation>
    </message>
    <message>
        <source>Rows with equal inputs and unequal targets are counted; the least loss is that of the best constant for each group of equal inputs.</source>
        <translation>统计输入相同而目标不同的行；最小损失是对每组相同输入取最佳常数时的损失。</translation>
    </message>
    <message>
        <source>Check those rows, or add an input that tells them apart; no setting helps.</source>
        <translation>请检查这些行，或增加一个能区分它们的输入；任何设置都无济于事。</translation>
    </message>
    <message>
        <source>If targets stand beside the wrong rows, there is no rule to find: a network can only learn its rows by heart, and does no better than chance on others.</source>
        <translation>如果目标对错了行，就没有规律可学：网络只能死记训练行，对其他行不比瞎猜更好。</translation>
    </message>
    <message>
        <source>Simple learners predict each row from all the others. The same is done with shuffled targets: the true ones are predicted no better.</source>
        <translation>用简单的学习方法由其余各行预测每一行，再对打乱的目标做同样的事：真实目标并没有被预测得更好。</translation>
    </message>
    <message>
        <source>Targets unrelated to the inputs</source>
        <translation>目标与输入无关</translation>
    </message>
    <message>
        <source>Check how the data were put together: were rows shuffled in one column alone?</source>
        <translation>请检查数据是如何拼成的：是否只打乱了某一列的行序？</translation>
    </message>
    <message>
        <source>One class far more frequent</source>
        <translation>某一类别过多</translation>
    </message>
    <message>
        <source>Where one class makes up nearly all rows, saying it always gives a low loss at once, and the rare classes have too few rows to pull against that.</source>
        <translation>如果几乎所有行都属于同一类，那么总是答这一类马上就能得到很低的损失，而少数类的行太少，拉不过来。</translation>
    </message>
    <message>
        <source>The share of the most frequent class, and the share of right rows of each class by itself.</source>
        <translation>最多的一类所占的比例，以及每一类各自答对的比例。</translation>
    </message>
    <message>
        <source>Add rows of the rare classes, or repeat those there are, until the classes are alike.</source>
        <translation>请增加稀少类别的行，或重复已有的行，直到各类别数量相近。</translation>
    </message>
    <message>
        <source>Parameters that are held</source>
        <translation>被冻结的参数</translation>
    </message>
    <message>
        <source>Parameters that are held do not follow their gradient. If the others cannot make up for them, the loss stays where it is.</source>
        <translation>被固定的参数不随梯度变化。如果其他参数弥补不了，损失就会停在原处。</translation>
    </message>
    <message>
        <source>How many parameters are held, and whether training learns with all of them let go.</source>
        <translation>有多少参数被固定，以及全部放开后训练能否学会。</translation>
    </message>
    <message>
        <source>Let them go.</source>
        <translation>请解除冻结。</translation>
    </message>
    <message>
        <source>{held} of {all} parameters have been held since step {since}, and the others alone cannot learn it.</source>
        <translation>{all} 个参数中有 {held} 个自第 {since} 步起被冻结，仅靠其余参数学不会。</translation>
    </message>
    <message>
        <source>Penalty too strong</source>
        <translation>正则项过强</translation>
    </message>
    <message>
        <source>A penalty pulls every weight towards 0 in each step. If it pulls harder than the data, the weights shrink until the network gives nearly the same for all rows.</source>
        <translation>正则项在每一步都把权重拉向 0。如果它比数据拉得更用力，权重就会不断缩小，直到网络对所有行给出几乎相同的值。</translation>
    </message>
    <message>
        <source>The length of the weights beside that at the start, and the penalty beside the loss.</source>
        <translation>权重的长度与起初相比，正则项与损失相比。</translation>
    </message>
    <message>
        <source>Do without the penalty, or make it weaker.</source>
        <translation>请去掉正则项，或减弱它。</translation>
    </message>
    <message>
        <source>The penalty of strength {strength:.4g} outweighs the data: the weights are {shrunk:.2g} times as long as at the start.</source>
        <translation>强度为 {strength:.4g} 的正则项压过了数据：权重的长度是起初的 {shrunk:.2g} 倍。</translation>
    </message>
    <message>
        <source>Weight decay {strength:.4g} outweighs the data: the weights are {shrunk:.2g} times as long as at the start.</source>
        <translation>权重衰减 {strength:.4g} 压过了数据：权重的长度是起初的 {shrunk:.2g} 倍。</translation>
    </message>
    <message>
        <source>Dropout too strong</source>
        <translation>随机失活过强</translation>
    </message>
    <message>
        <source>Dropout sets activations to 0 at random, anew in each step. If the share is too large, the units that are left cannot carry what is to be learned.</source>
        <translation>随机失活在每一步随机把一部分激活值置 0。如果比例太大，剩下的单元就承载不了要学的内容。</translation>
    </message>
    <message>
        <source>The share that is dropped, and whether training learns without dropout.</source>
        <translation>被丢弃的比例，以及不用随机失活时训练能否学会。</translation>
    </message>
    <message>
        <source>Do without dropout, or drop fewer.</source>
        <translation>请去掉随机失活，或降低其比例。</translation>
    </message>
    <message>
        <source>Network too small</source>
        <translation>网络太小</translation>
    </message>
    <message>
        <source>Each hidden unit adds a bend to what the network can draw. With too few of them, or none, no parameters fit the data, however long it trains.</source>
        <translation>每个隐藏单元都让网络能画出的形状多一处弯折。单元太少或没有时，无论训练多久，都没有参数能拟合数据。</translation>
    </message>
    <message>
        <source>Whether training learns with more units and nothing else changed.</source>
        <translation>只增加单元、其他都不变时，训练能否学会。</translation>
    </message>
    <message>
        <source>Give it hidden layers that bend, with more units.</source>
        <translation>请给它单元更多、且非线性的隐藏层。</translation>
    </message>
    <message>
        <source>Without a hidden layer that bends the network is linear in its inputs, and what is to be learned is not.</source>
        <translation>没有非线性的隐藏层，网络对输入就是线性的，而要学的并不是。</translation>
    </message>
    <message>
        <source>With {count} in the narrowest hidden layer there are too few units for what is to be learned.</source>
        <translation>最窄的隐藏层只有 {count} 个单元，对要学的内容来说太少。</translation>
    </message>
    <message>
        <source>Overfitting</source>
        <translation>过拟合</translation>
    </message>
    <message>
        <source>A network with enough parameters can remember its training rows, noise and all. From some step on, what it learns helps those rows alone, and the loss of others rises.</source>
        <translation>参数足够多的网络能把训练行连同噪声一起记住。从某一步起，它学到的只对这些行有用，其他行的损失反而上升。</translation>
    </message>
    <message>
        <source>The loss of the training rows beside that of the validation rows, and the step at which the latter was least.</source>
        <translation>训练行的损失与验证行的损失相比，以及后者最小时的步数。</translation>
    </message>
    <message>
        <source>More rows help, or a penalty, dropout, fewer units, or an end where validation is best.</source>
        <translation>更多的行、正则项、随机失活、更少的单元，或在验证最好时停止，都有帮助。</translation>
    </message>
    <message>
        <source>Learning rate too high</source>
        <translation>学习率过高</translation>
    </message>
    <message>
        <source>Lower the learning rate.</source>
        <translation>请降低学习率。</translation>
    </message>
    <message>
        <source>The learning rate {rate:.4g} is too large: the updates leap over the minimum, and the loss rises after {share:.0%} of the steps.</source>
        <translation>学习率 {rate:.4g} 过大：更新越过了极小值，损失在 {share:.0%} 的步之后上升。</translation>
    </message>
    <message>
        <source>Learning rate too low</source>
        <translation>学习率过低</translation>
    </message>
    <message>
        <source>Raise the learning rate.</source>
        <translation>请提高学习率。</translation>
    </message>
    <message>
        <source>Batches too noisy</source>
        <translation>小批量噪声过大</translation>
    </message>
    <message>
        <source>Take larger batches, or a lower learning rate.</source>
        <translation>请用更大的小批量，或更低的学习率。</translation>
    </message>
    <message>
        <source>Gradients of batches of {batch} rows scatter too much for this learning rate: noise and gradient are alike in size at {fitting:.3g} rows.</source>
        <translation>对这个学习率来说，{batch} 行小批量的梯度过于分散：{fitting:.3g} 行时噪声与梯度大小相当。</translation>
    </message>
    <message>
        <source>The schedule brings the learning rate down to {last:.2g} of what it was, before much is learned.</source>
        <translation>学习率计划在还没学到多少时，就把学习率降到原来的 {last:.2g} 倍。</translation>
    </message>
    <message>
        <source>The learning rate {rate:.4g} is too large: after step {steps} a number is no longer finite.</source>
        <translation>学习率 {rate:.4g} 过大：第 {steps} 步之后有数值不再有限。</translation>
    </message>
    <message>
        <source>A step goes down the gradient as far as the learning rate says. Across a valley with curvature λ, a rate above 2/λ ends higher on the other side than it began: the loss leaps, or grows without bound.</source>
        <translation>每一步沿梯度下降多远，由学习率决定。横跨曲率为 λ 的山谷时，学习率超过 2/λ，就会落在对面比出发时更高的地方：损失跳动，甚至无限增长。</translation>
    </message>
    <message>
        <source>The share of steps that raise the loss, λ_max · η, and whether training learns at a lower rate.</source>
        <translation>使损失上升的步数所占的比例、λ_max · η，以及降低学习率后训练能否学会。</translation>
    </message>
    <message>
        <source>The learning rate {rate:.4g} is too large: at step {since} the loss leaps up.</source>
        <translation>学习率 {rate:.4g} 过大：在第 {since} 步损失骤然上升。</translation>
    </message>
    <message>
        <source>An update is the gradient times the learning rate. If that is tiny, the direction is right, but there is hardly any movement.</source>
        <translation>更新量等于梯度乘以学习率。学习率太小时，方向没错，却几乎没有移动。</translation>
    </message>
    <message>
        <source>How far all updates together have gone beside the length of the parameters, and whether training learns in as many steps at a higher rate.</source>
        <translation>所有更新量加起来走了多远，与参数的长度相比；以及在同样的步数里，提高学习率后训练能否学会。</translation>
    </message>
    <message>
        <source>The gradient of a mini-batch is a sample of that of all rows. If its rows disagree, the mean of a few of them points anywhere, and at this learning rate the steps undo one another.</source>
        <translation>小批量的梯度只是全部行的梯度的一个抽样。如果各行意见不一，少数几行的平均就会指向任意方向，而在这个学习率下，各步会互相抵消。</translation>
    </message>
    <message>
        <source>The spread of the samples&apos; gradients beside their mean, and whether training learns with larger batches.</source>
        <translation>各样本梯度的离散程度与其均值相比，以及加大批量后训练能否学会。</translation>
    </message>
    <message>
        <source>Gradients of batches of {batch} rows scatter too much for this learning rate: those of all rows together cancel.</source>
        <translation>对这个学习率来说，{batch} 行小批量的梯度过于分散：所有行的梯度合起来相互抵消。</translation>
    </message>
    <message>
        <source>Momentum too high</source>
        <translation>动量过高</translation>
    </message>
    <message>
        <source>Momentum μ adds up about 1 / (1 − μ) past gradients. Close to 1 the parameters roll past the minimum, and take as many steps to turn.</source>
        <translation>动量 μ 大约累加了过去 1 / (1 − μ) 个梯度。接近 1 时，参数会滚过最小值，要同样多的步数才能掉头。</translation>
    </message>
    <message>
        <source>How many steps momentum remembers, beside those of the run, and whether training learns with less.</source>
        <translation>动量记住的步数与运行的步数相比，以及减小动量后训练能否学会。</translation>
    </message>
    <message>
        <source>Lower the momentum to 0.9.</source>
        <translation>请把动量降到 0.9。</translation>
    </message>
    <message>
        <source>Momentum {momentum:.6g} remembers {memory:.0f} steps, and the run has {steps}: the parameters swing past the minimum.</source>
        <translation>动量 {momentum:.6g} 会记住 {memory:.0f} 步，而这次训练共 {steps} 步：参数摆过了极小值。</translation>
    </message>
    <message>
        <source>Schedule lowers the rate too early</source>
        <translation>学习率计划降得过早</translation>
    </message>
    <message>
        <source>A schedule multiplies the learning rate by a factor that changes from step to step. If the rate is small before the loss is, the rest of the run stands still.</source>
        <translation>调度在每一步给学习率乘上一个变化的系数。如果学习率在损失之前就变小了，余下的运行就停滞不前。</translation>
    </message>
    <message>
        <source>The learning rate of each step beside the one that was set, and whether training learns at a constant rate.</source>
        <translation>每一步的学习率与所设的学习率相比，以及学习率不变时训练能否学会。</translation>
    </message>
    <message>
        <source>Keep the learning rate constant, or let it fall later.</source>
        <translation>请保持学习率不变，或让它晚些再降。</translation>
    </message>
    <message>
        <source>After {steps} steps the warm-up is still at {last:.2g} of the learning rate.</source>
        <translation>{steps} 步之后，预热仍只到学习率的 {last:.2g} 倍。</translation>
    </message>
    <message>
        <source>Not run long enough</source>
        <translation>训练不够久</translation>
    </message>
    <message>
        <source>Learning takes its steps. As long as the loss falls, nothing else need be wrong.</source>
        <translation>学习需要步数。只要损失还在下降，就未必有别的问题。</translation>
    </message>
    <message>
        <source>The fall of the loss in the last fifth of the steps, and whether the same training learns with more of them.</source>
        <translation>最后五分之一的步数里损失的下降，以及步数更多时同样的训练能否学会。</translation>
    </message>
    <message>
        <source>Let it go on.</source>
        <translation>请让它继续训练。</translation>
    </message>
    <message>
        <source>All is sound and the loss still falls: {steps} steps are too few.</source>
        <translation>一切正常，损失仍在下降：{steps} 步太少。</translation>
    </message>
    <message>
        <source>All is sound, but {steps} steps are too few: with more of them the loss falls.</source>
        <translation>一切正常，但 {steps} 步太少：再多训练一些，损失就会下降。</translation>
    </message>
    <message>
        <source>Units that are alike</source>
        <translation>彼此相同的单元</translation>
    </message>
    <message>
        <source>Units that begin with the same weights and bias compute the same, get the same gradient and so stay the same: however many there are, they count as one.</source>
        <translation>权重和偏置起初相同的单元，算出的值相同，得到的梯度相同，于是始终相同：无论有多少个，都只抵得上一个。</translation>
    </message>
    <message>
        <source>Units of a layer begin with equal weights and biases, and get equal ∂L/∂z for every row.</source>
        <translation>同一层的单元起初权重和偏置相等，并且对每一行都得到相等的 ∂L/∂z。</translation>
    </message>
    <message>
        <source>Draw the parameters at random, with a Xavier or He initializer.</source>
        <translation>请随机抽取参数，使用 Xavier 或 He 初始化。</translation>
    </message>
    <message>
        <source>Dead units</source>
        <translation>死亡单元</translation>
    </message>
    <message>
        <source>A ReLU gives 0 where z is negative, and its slope is 0 there. A unit whose z is negative for every row gets no gradient and never changes: it is dead.</source>
        <translation>z 为负时，ReLU 的值为 0，斜率也为 0。如果一个单元的 z 对每一行都为负，它就得不到梯度，永远不变：这就是死亡单元。</translation>
    </message>
    <message>
        <source>Begin with a He initializer, which leaves the biases at 0.</source>
        <translation>请用 He 初始化开始，它让偏置为 0。</translation>
    </message>
    <message>
        <source>Saturated units</source>
        <translation>饱和单元</translation>
    </message>
    <message>
        <source>Far from 0 sigmoid and tanh are flat: f′(z) is nearly 0, and so is every gradient that has to pass through it.</source>
        <translation>在离 0 很远的地方，sigmoid 和 tanh 是平的：f′(z) 接近 0，凡是要经过它的梯度也都接近 0。</translation>
    </message>
    <message>
        <source>Begin with smaller parameters, with a Xavier initializer.</source>
        <translation>请用较小的参数开始，使用 Xavier 初始化。</translation>
    </message>
    <message>
        <source>Gradient vanishes over depth</source>
        <translation>梯度随深度消失</translation>
    </message>
    <message>
        <source>On its way down the gradient is multiplied by each layer&apos;s weights and slopes. The slope of a sigmoid is at most ¼, so that little is left of it after many layers.</source>
        <translation>梯度在向下传播时，要乘以每一层的权重和斜率。sigmoid 的斜率至多为 ¼，经过许多层之后就所剩无几。</translation>
    </message>
    <message>
        <source>Use tanh or ReLU in the hidden layers with a fitting initializer, or fewer layers.</source>
        <translation>请在隐藏层使用 tanh 或 ReLU 并配以合适的初始化，或减少层数。</translation>
    </message>
    <message>
        <source>Gradient explodes over depth</source>
        <translation>梯度随深度爆炸</translation>
    </message>
    <message>
        <source>Weights that are too large make the values grow from layer to layer, and the gradient with them. The first updates are so large that they destroy what was there.</source>
        <translation>权重过大时，数值会逐层增大，梯度也随之增大。最初的更新量大得把原有的一切都毁掉了。</translation>
    </message>
    <message>
        <source>Begin with smaller weights, with a He or LeCun initializer.</source>
        <translation>请用较小的权重开始，使用 He 或 LeCun 初始化。</translation>
    </message>
    <message>
        <source>samples&apos; gradients: length of the mean over mean length</source>
        <translation>样本梯度：均值的长度与平均长度之比</translation>
    </message>
    <message>
        <source>rows of a batch</source>
        <translation>小批量的行数</translation>
    </message>
    <message>
        <source>probability that shuffled targets do as well</source>
        <translation>目标打乱后同样好的概率</translation>
    </message>
    <message>
        <source>deviation of the column</source>
        <translation>该列的标准差</translation>
    </message>
    <message>
        <source>times too large, too small or off-centre</source>
        <translation>过大、过小或偏离中心的倍数</translation>
    </message>
    <message>
        <source>mean of the column</source>
        <translation>该列的均值</translation>
    </message>
    <message>
        <source>rows that contradict others</source>
        <translation>与其他行矛盾的行数</translation>
    </message>
    <message>
        <source>dead units</source>
        <translation>死亡单元数</translation>
    </message>
    <message>
        <source>share dropped</source>
        <translation>丢弃比例</translation>
    </message>
    <message>
        <source>fall of the loss in the last fifth</source>
        <translation>损失在最后五分之一中的降幅</translation>
    </message>
    <message>
        <source>share of activations where the function is flat</source>
        <translation>落在函数平坦处的激活值比例</translation>
    </message>
    <message>
        <source>size of z at the output over that of the inputs</source>
        <translation>输出处 z 的大小与输入之比</translation>
    </message>
    <message>
        <source>growth from layer to layer</source>
        <translation>逐层增大的倍数</translation>
    </message>
    <message>
        <source>parameters held</source>
        <translation>被冻结的参数个数</translation>
    </message>
    <message>
        <source>hidden layers</source>
        <translation>隐藏层数</translation>
    </message>
    <message>
        <source>share of the most frequent class</source>
        <translation>最多类别的比例</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>least mean loss that can be reached</source>
        <translation>所能达到的最小平均损失</translation>
    </message>
    <message>
        <source>least mean loss that can be reached over that of the best constant</source>
        <translation>所能达到的最小平均损失与最佳常数预测之比</translation>
    </message>
    <message>
        <source>share told rightly of the class that fares worst</source>
        <translation>判得最差的类别的正确比例</translation>
    </message>
    <message>
        <source>squared error of rows left out over that of the mean</source>
        <translation>留出行的平方误差与均值预测之比</translation>
    </message>
    <message>
        <source>steps that momentum remembers</source>
        <translation>动量记住的步数</translation>
    </message>
    <message>
        <source>steps that momentum remembers over those of the run</source>
        <translation>动量记住的步数与训练步数之比</translation>
    </message>
    <message>
        <source>mean share of the learning rate that was left</source>
        <translation>学习率平均留下的比例</translation>
    </message>
    <message>
        <source>momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>units of the narrowest hidden layer</source>
        <translation>最窄隐藏层的单元数</translation>
    </message>
    <message>
        <source>batch size at which noise and gradient are alike</source>
        <translation>噪声与梯度相当时的批量大小</translation>
    </message>
    <message>
        <source>share of targets out of range</source>
        <translation>超出值域的目标比例</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数个数</translation>
    </message>
    <message>
        <source>penalty over the loss of the best constant</source>
        <translation>正则项与最佳常数预测的损失之比</translation>
    </message>
    <message>
        <source>share of the learning rate left at the end</source>
        <translation>最后留下的学习率比例</translation>
    </message>
    <message>
        <source>share told rightly, mean over the classes</source>
        <translation>判对的比例（各类别平均）</translation>
    </message>
    <message>
        <source>share of steps after which the loss was higher</source>
        <translation>损失上升的步所占比例</translation>
    </message>
    <message>
        <source>rows looked at</source>
        <translation>考察的行数</translation>
    </message>
    <message>
        <source>λ_max · η at step 0; stable below 2</source>
        <translation>第 0 步的 λ_max · η；低于 2 时稳定</translation>
    </message>
    <message>
        <source>steps made</source>
        <translation>已训练的步数</translation>
    </message>
    <message>
        <source>strength of the penalty</source>
        <translation>正则化强度</translation>
    </message>
    <message>
        <source>deviation of the targets</source>
        <translation>目标的标准差</translation>
    </message>
    <message>
        <source>mean of the targets</source>
        <translation>目标的均值</translation>
    </message>
    <message>
        <source>loss of the training rows over a constant&apos;s</source>
        <translation>训练行的损失与常数预测之比</translation>
    </message>
    <message>
        <source>length of all updates over that of the first parameters</source>
        <translation>全部更新的长度与初始参数长度之比</translation>
    </message>
    <message>
        <source>units of the layer</source>
        <translation>该层的单元数</translation>
    </message>
    <message>
        <source>units that are alike</source>
        <translation>彼此相同的单元数</translation>
    </message>
    <message>
        <source>mean update over the first parameters</source>
        <translation>平均更新与初始参数之比</translation>
    </message>
    <message>
        <source>loss of the validation rows over a constant&apos;s</source>
        <translation>验证行的损失与常数预测之比</translation>
    </message>
    <message>
        <source>length of the weights over that at the start</source>
        <translation>权重长度与起初之比</translation>
    </message>
    <message>
        <source>This is likely, but a trial would take too long.</source>
        <translation>这很可能是原因，但试验会耗时过久。</translation>
    </message>
    <message>
        <source>steps made since the last change</source>
        <translation>最后一次更改以来的步数</translation>
    </message>
    <message>
        <source>Changed on the way</source>
        <translation>训练途中的更改</translation>
    </message>
    <message>
        <source>Training goes on from the parameters that it has. Where earlier settings or a change by hand have brought them to a bad place, settings that are sound do not bring them back.</source>
        <translation>训练从现有参数继续。如果先前的设置或手动更改把参数带到了糟糕的位置，之后的设置再合适也无法把它们带回来。</translation>
    </message>
    <message>
        <source>Whether the same training learns from the start with the settings of now and with no parameter set by hand.</source>
        <translation>用现在的设置、不手动设定任何参数从头训练，看同样的训练能否学会。</translation>
    </message>
    <message>
        <source>Begin anew, or go back to before that change.</source>
        <translation>从头开始训练，或回到那次更改之前。</translation>
    </message>
    <message>
        <source>{rows} of {all} rows have the same inputs as another row but other targets: the mean loss cannot fall below {least:.4g}.</source>
        <translation>{all} 行中有 {rows} 行与另一行输入相同而目标不同：平均损失不可能低于 {least:.4g}。</translation>
    </message>
    <message>
        <source>{rows} of {all} rows looked at have another&apos;s inputs but not its targets: the mean loss of these {all} is at least {least:.4g}.</source>
        <translation>所查看的 {all} 行中有 {rows} 行与其中另一行输入相同而目标不同：这 {all} 行的平均损失至少为 {least:.4g}。</translation>
    </message>
    <message>
        <source>Nothing in the inputs foretells the targets: rows left out are predicted no better than with shuffled targets.</source>
        <translation>输入中没有任何东西能预示目标：对留出的行，预测得并不比目标被打乱时更好。</translation>
    </message>
    <message>
        <source>{share:.0%} of the rows are of class {name}, so that saying it nearly always is cheap: of the worst class {least:.0%} are told rightly.</source>
        <translation>{share:.0%} 的行属于类别 {name}，因此几乎总是判为该类代价很小：判得最差的类别只有 {least:.0%} 判对。</translation>
    </message>
    <message>
        <source>It learns the training rows by heart: their loss is {training:.2g} of a constant&apos;s, on validation rows {held_out:.2g}.</source>
        <translation>它只是记住了训练行：训练行的损失是常数预测的 {training:.2g} 倍，验证行的则是 {held_out:.2g} 倍。</translation>
    </message>
    <message>
        <source>It learns the training rows by heart: their loss is {training:.2g} of a constant&apos;s, on validation rows {held_out:.2g}; validation was best at step {since}.</source>
        <translation>它只是记住了训练行：训练行的损失是常数预测的 {training:.2g} 倍，验证行的则是 {held_out:.2g} 倍；验证在第 {since} 步时最好。</translation>
    </message>
    <message>
        <source>The learning rate {rate:.4g} is too small: in {steps} steps all updates together are {way:.2g} times as long as the first parameters.</source>
        <translation>学习率 {rate:.4g} 过小：{steps} 步的全部更新加起来，长度只有初始参数的 {way:.2g} 倍。</translation>
    </message>
    <message>
        <source>z of each unit at the start and now, over the training rows and not over one mini-batch.</source>
        <translation>每个单元起初和现在的 z，看的是各训练行，而不是一个小批量。</translation>
    </message>
    <message>
        <source>The share of activations whose slope is below a twentieth of the greatest, at the start and still now, over the training rows.</source>
        <translation>起初和现在斜率都低于最大斜率二十分之一的激活值所占的比例，看的是各训练行。</translation>
    </message>
    <message>
        <source>Values grow {factor:.2g}-fold from layer to layer at the start, {growth:.2g}-fold in all, and gradients too: the first updates wreck the network.</source>
        <translation>起初数值每过一层增大到 {factor:.2g} 倍，总共 {growth:.2g} 倍，梯度也随之增大：最初几次更新就毁了网络。</translation>
    </message>
    <message>
        <source>What was changed on the way, last after step {since}, keeps it from learning: begun anew as it is set now, it learns.</source>
        <translation>训练途中的更改（最后一次在第 {since} 步之后）使网络学不会：用现在的设置从头训练就能学会。</translation>
    </message>
    <message>
        <source>Have the targets scaled, to deviation 1 or into the range from 0 to 1; what is predicted stays in their own unit.</source>
        <translation>缩放目标，使标准差为 1，或落在 0 到 1 之间；预测值仍以其自身的单位表示。</translation>
    </message>
    <message>
        <source>Dropout takes away {share:.0%} of the activations of {layer} in each step, which leaves too little to learn with.</source>
        <translation>随机失活在每一步去掉{layer} {share:.0%} 的激活值，剩下的不足以学习。</translation>
    </message>
    <message>
        <source>{alike} of the {units} units of {layer} begin with the same parameters and get the same gradient, so that they stay alike for ever.</source>
        <translation>{layer}：{units} 个单元中有 {alike} 个起初参数相同、梯度也相同，因此永远相同。</translation>
    </message>
    <message>
        <source>{count} of the {units} units of {layer} give 0 for all {rows} rows from the start; their slope is 0, so that they cannot change.</source>
        <translation>{layer}：{units} 个单元中有 {count} 个从一开始就对全部 {rows} 行输出 0；它们的斜率为 0，因此无法改变。</translation>
    </message>
    <message>
        <source>{count} of the {units} units of {layer} give 0 from the start for all {rows} rows looked at; their slope is 0 there.</source>
        <translation>{layer}：{units} 个单元中有 {count} 个从一开始就对所查看的全部 {rows} 行输出 0；它们在那里的斜率为 0。</translation>
    </message>
    <message>
        <source>In {layer} {share:.0%} of the activations sit from the start where the function {function} is flat, so that hardly any gradient passes.</source>
        <translation>{layer}：{share:.0%} 的激活值从一开始就落在函数 {function} 平坦的地方，因此几乎没有梯度能通过。</translation>
    </message>
    <message>
        <source>The size of ∂L/∂z in the first layer beside that at the output, at the start.</source>
        <translation>起初首层 ∂L/∂z 的大小，与输出层的相比。</translation>
    </message>
    <message>
        <source>How much z grows from the inputs to the output, and ∂L/∂z from the output to the first layer, at the start.</source>
        <translation>起初 z 从输入到输出增大了多少，∂L/∂z 从输出到首层增大了多少。</translation>
    </message>
    <message>
        <source>At the start only {share:.2g} of the output&apos;s gradient reaches the first layer through {count} hidden layers: it hardly moves.</source>
        <translation>起初，输出处的梯度经过 {count} 个隐藏层，到首层只剩 {share:.2g} 倍，首层几乎不动。</translation>
    </message>
    <message>
        <source>size of ∂L/∂z in the first layer over that at the output</source>
        <translation>首层 ∂L/∂z 的大小与输出处之比</translation>
    </message>
</context>
<context>
    <name>edits</name>
    <message>
        <source>values changed by hand</source>
        <translation>手动修改了数值</translation>
    </message>
    <message>
        <source>values held or let go</source>
        <translation>冻结或解冻了数值</translation>
    </message>
    <message>
        <source>settings changed</source>
        <translation>修改了设置</translation>
    </message>
    <message>
        <source>given start values</source>
        <translation>给定的初始值</translation>
    </message>
    <message>
        <source>values held from the start</source>
        <translation>从一开始就保持不变的值</translation>
    </message>
</context>
<context>
    <name>errors</name>
    <message>
        <source>{count} cells hold an infinite number, the first on line {line}; taken as missing.</source>
        <translation>{count} 个单元格为无穷大，首个在第 {line} 行；按缺失处理。</translation>
    </message>
    <message>
        <source>{count} cells are missing, the first on line {line}; the rows are kept.</source>
        <translation>{count} 个单元格缺失，首个在第 {line} 行；这些行予以保留。</translation>
    </message>
    <message>
        <source>{count} rows have no target, the first on line {line}; they are left out.</source>
        <translation>{count} 行没有目标，首个在第 {line} 行；这些行不予使用。</translation>
    </message>
    <message>
        <source>{count} unreadable rows are left out, the first on line {line}.</source>
        <translation>{count} 行无法读取，首个在第 {line} 行；这些行不予使用。</translation>
    </message>
    <message>
        <source>The column name &apos;{name}&apos; comes more than once; later ones got a number: {names}.</source>
        <translation>列名“{name}”不止一次出现；后出现的已加编号：{names}。</translation>
    </message>
    <message>
        <source>A column has no name and is called {names}.</source>
        <translation>有一列没有名称，命名为 {names}。</translation>
    </message>
    <message>
        <source>Skipped, since it tells the rows apart rather than describing them: {names}.</source>
        <translation>已跳过，因为它只用来区分各行，而不描述各行：{names}。</translation>
    </message>
    <message>
        <source>Skipped, since every cell is missing: {names}.</source>
        <translation>已跳过，因为所有单元格都缺失：{names}。</translation>
    </message>
    <message>
        <source>More than half of the cells are missing: {names}.</source>
        <translation>超过一半的单元格缺失：{names}。</translation>
    </message>
    <message>
        <source>Kept, though every cell is the same, so nothing can be learnt from it: {names}.</source>
        <translation>已保留，但所有单元格都相同，从中学不到东西：{names}。</translation>
    </message>
    <message>
        <source>targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>a row that is not one-hot</source>
        <translation>不是独热编码的一行</translation>
    </message>
    <message>
        <source>whole numbers or names</source>
        <translation>整数或名称</translation>
    </message>
    <message>
        <source>a binary file with NUL bytes</source>
        <translation>含有 NUL 字节的二进制文件</translation>
    </message>
    <message>
        <source>a column with values</source>
        <translation>含有数值的列</translation>
    </message>
    <message>
        <source>The targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>The encoded table</source>
        <translation>编码后的表</translation>
    </message>
    <message>
        <source>one character, or whitespace</source>
        <translation>一个字符，或空白</translation>
    </message>
    <message>
        <source>, . &apos; or a space</source>
        <translation>, . &apos; 或空格</translation>
    </message>
    <message>
        <source>another than the decimal mark</source>
        <translation>不同于小数点的符号</translation>
    </message>
    <message>
        <source>0 or more</source>
        <translation>0 或更大</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>The table</source>
        <translation>表</translation>
    </message>
    <message>
        <source>a binary file</source>
        <translation>二进制文件</translation>
    </message>
    <message>
        <source>The sheet</source>
        <translation>工作表</translation>
    </message>
    <message>
        <source>unreadable</source>
        <translation>无法读取</translation>
    </message>
    <message>
        <source>labels, without the images they belong to</source>
        <translation>没有对应图像的标签</translation>
    </message>
    <message>
        <source>wrong first bytes</source>
        <translation>开头字节不符</translation>
    </message>
    <message>
        <source>A JSON file that is not a list of records</source>
        <translation>不是记录列表的 JSON 文件</translation>
    </message>
    <message>
        <source>not a record</source>
        <translation>不是记录</translation>
    </message>
    <message>
        <source>nested too deeply</source>
        <translation>嵌套过深</translation>
    </message>
    <message>
        <source>A folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>The expanded file</source>
        <translation>解压后的文件</translation>
    </message>
    <message>
        <source>a PNG image</source>
        <translation>PNG 图像</translation>
    </message>
    <message>
        <source>a JPEG image</source>
        <translation>JPEG 图像</translation>
    </message>
    <message>
        <source>a GIF image</source>
        <translation>GIF 图像</translation>
    </message>
    <message>
        <source>a BMP image</source>
        <translation>BMP 图像</translation>
    </message>
    <message>
        <source>a TIFF image</source>
        <translation>TIFF 图像</translation>
    </message>
    <message>
        <source>a media file (RIFF, binary)</source>
        <translation>媒体文件（RIFF，二进制）</translation>
    </message>
    <message>
        <source>a PDF document (binary)</source>
        <translation>PDF 文档（二进制）</translation>
    </message>
    <message>
        <source>a program (ELF, binary)</source>
        <translation>程序（ELF，二进制）</translation>
    </message>
    <message>
        <source>a program (EXE, binary)</source>
        <translation>程序（EXE，二进制）</translation>
    </message>
    <message>
        <source>an SQLite database (binary)</source>
        <translation>SQLite 数据库（二进制）</translation>
    </message>
    <message>
        <source>an MP3 file (binary)</source>
        <translation>MP3 文件（二进制）</translation>
    </message>
    <message>
        <source>an Ogg file (binary)</source>
        <translation>Ogg 文件（二进制）</translation>
    </message>
    <message>
        <source>a FLAC file (binary)</source>
        <translation>FLAC 文件（二进制）</translation>
    </message>
    <message>
        <source>a 7z archive (binary)</source>
        <translation>7z 压缩包（二进制）</translation>
    </message>
    <message>
        <source>a RAR archive (binary)</source>
        <translation>RAR 压缩包（二进制）</translation>
    </message>
    <message>
        <source>a zstd archive (binary)</source>
        <translation>zstd 压缩包（二进制）</translation>
    </message>
    <message>
        <source>An HDF5 file</source>
        <translation>HDF5 文件</translation>
    </message>
    <message>
        <source>A MATLAB .mat file</source>
        <translation>MATLAB .mat 文件</translation>
    </message>
    <message>
        <source>An Arrow or Feather file</source>
        <translation>Arrow 或 Feather 文件</translation>
    </message>
    <message>
        <source>An Avro file</source>
        <translation>Avro 文件</translation>
    </message>
    <message>
        <source>A pickle file</source>
        <translation>pickle 文件</translation>
    </message>
    <message>
        <source>A zip archive of other files</source>
        <translation>装有其他文件的 zip 压缩包</translation>
    </message>
    <message>
        <source>The expanded archive</source>
        <translation>解压后的压缩包</translation>
    </message>
    <message>
        <source>{field}: &apos;{value}&apos; is not known.</source>
        <translation>{field}：没有“{value}”这一选项。</translation>
    </message>
    <message>
        <source>Choose one of: {allowed}.</source>
        <translation>请选择其中之一：{allowed}。</translation>
    </message>
    <message>
        <source>{field} is {value}.</source>
        <translation>{field} 为 {value}。</translation>
    </message>
    <message>
        <source>It must be {allowed}.</source>
        <translation>允许的取值：{allowed}。</translation>
    </message>
    <message>
        <source>{field} is {value}, which is not {expected}.</source>
        <translation>{field} 为 {value}，不是{expected}。</translation>
    </message>
    <message>
        <source>Give {expected}.</source>
        <translation>请给出{expected}。</translation>
    </message>
    <message>
        <source>{field} is not a setting of an experiment.</source>
        <translation>{field} 不是实验的设置项。</translation>
    </message>
    <message>
        <source>The settings here are: {allowed}.</source>
        <translation>此处的设置项有：{allowed}。</translation>
    </message>
    <message>
        <source>The experiment is not valid TOML: {reason}.</source>
        <translation>实验不是有效的 TOML：{reason}。</translation>
    </message>
    <message>
        <source>Mend that line and open it again.</source>
        <translation>请改正该行后重新打开。</translation>
    </message>
    <message>
        <source>The network has no layers.</source>
        <translation>网络没有任何层。</translation>
    </message>
    <message>
        <source>Add at least an output layer.</source>
        <translation>请至少添加一个输出层。</translation>
    </message>
    <message>
        <source>{field}: softmax over one unit is always 1.</source>
        <translation>{field}：对单个单元作 softmax 恒为 1。</translation>
    </message>
    <message>
        <source>Give the layer at least two units, or choose sigmoid.</source>
        <translation>请给该层至少两个单元，或改用 sigmoid。</translation>
    </message>
    <message>
        <source>The loss {loss} does not fit a {target} target.</source>
        <translation>损失 {loss} 不适用于{target}目标。</translation>
    </message>
    <message>
        <source>For it, choose one of: {allowed}.</source>
        <translation>对此请选择其中之一：{allowed}。</translation>
    </message>
    <message>
        <source>The output layer has {value} units, the data {expected} target columns.</source>
        <translation>输出层有 {value} 个单元，而数据有 {expected} 个目标列。</translation>
    </message>
    <message>
        <source>Give the output layer {expected} units.</source>
        <translation>请给输出层 {expected} 个单元。</translation>
    </message>
    <message>
        <source>The batch size {value} is larger than the {rows} training rows.</source>
        <translation>批量大小 {value} 超过了 {rows} 个训练行。</translation>
    </message>
    <message>
        <source>Choose a batch size from 1 to {rows}.</source>
        <translation>请选择 1 到 {rows} 之间的批量大小。</translation>
    </message>
    <message>
        <source>No rows are left for training ({rows} in the data set).</source>
        <translation>没有剩下可供训练的行（数据集共 {rows} 行）。</translation>
    </message>
    <message>
        <source>Give validation a smaller share, or load more rows.</source>
        <translation>请减小验证集比例，或载入更多行。</translation>
    </message>
    <message>
        <source>{field} = {value} does not go with {other}.</source>
        <translation>{field} = {value} 与 {other} 不能同时使用。</translation>
    </message>
    <message>
        <source>Change one of the two.</source>
        <translation>请更改其中之一。</translation>
    </message>
    <message>
        <source>{field} cannot change while this network trains.</source>
        <translation>此网络训练期间不能更改 {field}。</translation>
    </message>
    <message>
        <source>Make a new Trainer with the changed experiment.</source>
        <translation>请用更改后的实验新建 Trainer。</translation>
    </message>
    <message>
        <source>There is no step {value} yet.</source>
        <translation>还没有第 {value} 步。</translation>
    </message>
    <message>
        <source>This run has come to step {furthest}; seek one from 0 to that.</source>
        <translation>本次运行已到第 {furthest} 步；请在 0 到该步之间选择。</translation>
    </message>
    <message>
        <source>{field} has the shape {value}.</source>
        <translation>{field} 的形状为 {value}。</translation>
    </message>
    <message>
        <source>It must be {expected}.</source>
        <translation>应为：{expected}。</translation>
    </message>
    <message>
        <source>Give a finite number.</source>
        <translation>请给出有限数。</translation>
    </message>
    <message>
        <source>This was about a network that has been replaced.</source>
        <translation>这一操作针对的网络已被替换。</translation>
    </message>
    <message>
        <source>Do it again with the present one.</source>
        <translation>请对当前的网络重做一次。</translation>
    </message>
    <message>
        <source>There is no {field} in this network.</source>
        <translation>此网络中没有 {field}。</translation>
    </message>
    <message>
        <source>Its layers are {expected}.</source>
        <translation>它的各层为 {expected}。</translation>
    </message>
    <message>
        <source>The state before it is shown. A smaller learning rate or clipping usually helps.</source>
        <translation>现在显示的是此前的状态。减小学习率或使用梯度裁剪通常有效。</translation>
    </message>
    <message>
        <source>The clipboard holds no text.</source>
        <translation>剪贴板中没有文本。</translation>
    </message>
    <message>
        <source>Copy the cells of a table, then paste them here.</source>
        <translation>请先复制表格单元格，再粘贴到这里。</translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is not a kind of target.</source>
        <translation>“{value}”不是目标的类型。</translation>
    </message>
    <message>
        <source>The array {name} has the shape {shape}.</source>
        <translation>数组 {name} 的形状为 {shape}。</translation>
    </message>
    <message>
        <source>It must have the shape {expected}.</source>
        <translation>形状应为 {expected}。</translation>
    </message>
    <message>
        <source>The array {name} does not hold plain numbers.</source>
        <translation>数组 {name} 中不是普通的数值。</translation>
    </message>
    <message>
        <source>Give whole or floating-point numbers.</source>
        <translation>请给出整数或浮点数。</translation>
    </message>
    <message>
        <source>The target in row {row}, column {column}, is {value}.</source>
        <translation>第 {row} 行第 {column} 列的目标为 {value}。</translation>
    </message>
    <message>
        <source>Give finite targets, or leave out such rows.</source>
        <translation>请给出有限的目标值，或去掉这些行。</translation>
    </message>
    <message>
        <source>The targets hold {value}.</source>
        <translation>目标中含有 {value}。</translation>
    </message>
    <message>
        <source>Here they must be: {expected}.</source>
        <translation>此处应为：{expected}。</translation>
    </message>
    <message>
        <source>{name} has {found} names where {expected} are needed.</source>
        <translation>{name} 有 {found} 个名称，但需要 {expected} 个。</translation>
    </message>
    <message>
        <source>Give one name for each.</source>
        <translation>请为每一项各给一个名称。</translation>
    </message>
    <message>
        <source>{first} has {first_rows} rows, but {second} has {second_rows}.</source>
        <translation>{first} 有 {first_rows} 行，而 {second} 有 {second_rows} 行。</translation>
    </message>
    <message>
        <source>Both must have as many rows: one target for each example.</source>
        <translation>两者的行数须相同：每个样本对应一个目标。</translation>
    </message>
    <message>
        <source>There is no built-in data set &apos;{value}&apos;.</source>
        <translation>没有名为“{value}”的内置数据集。</translation>
    </message>
    <message>
        <source>The file {name} cannot be read: {reason}.</source>
        <translation>无法读取文件 {name}：{reason}。</translation>
    </message>
    <message>
        <source>Check that it is there and that you may open it.</source>
        <translation>请确认文件存在且您有权打开。</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>文件是空的。</translation>
    </message>
    <message>
        <source>Choose a file with a header line and rows.</source>
        <translation>请选择带有标题行和数据行的文件。</translation>
    </message>
    <message>
        <source>There are no rows of data.</source>
        <translation>没有数据行。</translation>
    </message>
    <message>
        <source>Add at least two rows, or say that the first line is not a header.</source>
        <translation>请至少添加两行，或指明第一行不是标题行。</translation>
    </message>
    <message>
        <source>Line {line}: this is not a text file but {what}.</source>
        <translation>第 {line} 行：这不是文本文件，而是{what}。</translation>
    </message>
    <message>
        <source>Open a table of rows and columns.</source>
        <translation>请打开由行和列组成的表。</translation>
    </message>
    <message>
        <source>{what} cannot be opened.</source>
        <translation>无法打开{what}。</translation>
    </message>
    <message>
        <source>Supported are: {supported}.</source>
        <translation>支持的格式：{supported}。</translation>
    </message>
    <message>
        <source>To open {format} files, {package} must be installed.</source>
        <translation>要打开 {format} 文件，须先安装 {package}。</translation>
    </message>
    <message>
        <source>{what} needs {size}; at most {limit} are read.</source>
        <translation>{what}需要 {size}；最多读取 {limit}。</translation>
    </message>
    <message>
        <source>Open a smaller part of it.</source>
        <translation>请打开其中较小的一部分。</translation>
    </message>
    <message>
        <source>The file ends too early: it has {found_bytes} bytes, {expected_bytes} are announced.</source>
        <translation>文件过早结束：只有 {found_bytes} 字节，而应有 {expected_bytes} 字节。</translation>
    </message>
    <message>
        <source>Copy or download it again.</source>
        <translation>请重新复制或下载。</translation>
    </message>
    <message>
        <source>The file is damaged and cannot be read as {format}: {reason}.</source>
        <translation>文件已损坏，无法按 {format} 读取：{reason}。</translation>
    </message>
    <message>
        <source>Line {line}: the byte at offset {byte_offset} is not valid {encoding}.</source>
        <translation>第 {line} 行：偏移 {byte_offset} 处的字节不是有效的 {encoding}。</translation>
    </message>
    <message>
        <source>Choose another encoding, or save the file as UTF-8.</source>
        <translation>请换一种编码，或将文件另存为 UTF-8。</translation>
    </message>
    <message>
        <source>&apos;{value}&apos; is not a known encoding.</source>
        <translation>“{value}”不是已知的编码。</translation>
    </message>
    <message>
        <source>Choose for example utf-8, gb18030 or cp1252.</source>
        <translation>请选择例如 utf-8、gb18030 或 cp1252。</translation>
    </message>
    <message>
        <source>The option {name} cannot be &apos;{value}&apos;.</source>
        <translation>选项 {name} 不能为“{value}”。</translation>
    </message>
    <message>
        <source>The array {name} holds pickled objects, which could run any program.</source>
        <translation>数组 {name} 含有 pickle 对象，可能会运行任意程序。</translation>
    </message>
    <message>
        <source>Save it again as an array of numbers.</source>
        <translation>请另存为数值数组。</translation>
    </message>
    <message>
        <source>No table was found among the arrays: {names}.</source>
        <translation>在这些数组中没有找到表：{names}。</translation>
    </message>
    <message>
        <source>Save the features as X and the targets as y.</source>
        <translation>请将特征存为 X，目标存为 y。</translation>
    </message>
    <message>
        <source>There is no sheet &apos;{value}&apos;.</source>
        <translation>没有名为“{value}”的工作表。</translation>
    </message>
    <message>
        <source>Line {line} has {found} fields where {expected} are expected.</source>
        <translation>第 {line} 行有 {found} 个字段，而应有 {expected} 个。</translation>
    </message>
    <message>
        <source>Mend that line, or skip such rows.</source>
        <translation>请改正该行，或跳过这样的行。</translation>
    </message>
    <message>
        <source>Line {line}: the quotation mark in column {column} is never closed.</source>
        <translation>第 {line} 行：第 {column} 列的引号没有闭合。</translation>
    </message>
    <message>
        <source>Close it on that line, or take it away.</source>
        <translation>请在该行补上闭合引号，或将引号去掉。</translation>
    </message>
    <message>
        <source>Line {line}: a quotation mark is followed by more text.</source>
        <translation>第 {line} 行：引号之后还有文本。</translation>
    </message>
    <message>
        <source>Double the quotation marks within a quoted field, or skip such rows.</source>
        <translation>请将带引号字段内的引号写成两个，或跳过这样的行。</translation>
    </message>
    <message>
        <source>Line {line}, column {column} ({name}): &apos;{text}&apos; is not a number.</source>
        <translation>第 {line} 行第 {column} 列（{name}）：“{text}”不是数。</translation>
    </message>
    <message>
        <source>Mend that cell, skip such rows, or make the column a category.</source>
        <translation>请改正该单元格、跳过这样的行，或将该列设为类别。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is not a declared value of {name}.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不是 {name} 声明过的值。</translation>
    </message>
    <message>
        <source>Mend the value, or declare it in the header.</source>
        <translation>请改正该值，或在文件头中声明它。</translation>
    </message>
    <message>
        <source>Line {line}: &apos;{text}&apos; is not a valid declaration.</source>
        <translation>第 {line} 行：“{text}”不是有效的声明。</translation>
    </message>
    <message>
        <source>Mend that line.</source>
        <translation>请改正该行。</translation>
    </message>
    <message>
        <source>Line {line}: the index {text} does not come after the one before it.</source>
        <translation>第 {line} 行：索引 {text} 没有排在前一个之后。</translation>
    </message>
    <message>
        <source>Write the indices of each line in ascending order.</source>
        <translation>请按升序书写每行的索引。</translation>
    </message>
    <message>
        <source>Line {line}, place {column}: this is not valid JSON: {reason}.</source>
        <translation>第 {line} 行第 {column} 个字符：不是有效的 JSON：{reason}。</translation>
    </message>
    <message>
        <source>There is no column &apos;{value}&apos;.</source>
        <translation>没有名为“{value}”的列。</translation>
    </message>
    <message>
        <source>The columns are: {allowed}.</source>
        <translation>现有的列：{allowed}。</translation>
    </message>
    <message>
        <source>There is nothing to learn from: this holds only {found}.</source>
        <translation>没有可供学习的内容：这里只有{found}。</translation>
    </message>
    <message>
        <source>Open the file with the features (for labels, the images), or add columns.</source>
        <translation>请打开含有特征的文件（标签则需对应的图像），或添加列。</translation>
    </message>
    <message>
        <source>There is nothing to learn: no target was found ({expected}).</source>
        <translation>没有要学习的内容：未找到目标（{expected}）。</translation>
    </message>
    <message>
        <source>Put the labels beside the file, or choose a target column.</source>
        <translation>请将标签放在文件旁边，或选择目标列。</translation>
    </message>
    <message>
        <source>The target {name} is missing in every row.</source>
        <translation>目标 {name} 在所有行中都缺失。</translation>
    </message>
    <message>
        <source>Choose another target column.</source>
        <translation>请选择另一个目标列。</translation>
    </message>
    <message>
        <source>All rows of the target {name} are of one class, &apos;{text}&apos;.</source>
        <translation>目标 {name} 的所有行都属于同一类别“{text}”。</translation>
    </message>
    <message>
        <source>Choose another target, or add rows of other classes.</source>
        <translation>请选择另一个目标，或添加其他类别的行。</translation>
    </message>
    <message>
        <source>The target {name} has {count} different labels in {rows} rows.</source>
        <translation>目标 {name} 在 {rows} 行中有 {count} 种不同的标签。</translation>
    </message>
    <message>
        <source>The target {name} holds text; of several targets each must be a number.</source>
        <translation>目标 {name} 含有文本；有多个目标时，每个都必须是数。</translation>
    </message>
    <message>
        <source>Choose one target with classes, or several with numbers.</source>
        <translation>请选择一个带类别的目标，或多个数值目标。</translation>
    </message>
    <message>
        <source>The category {name} has {count} different values.</source>
        <translation>类别列 {name} 有 {count} 种不同的值。</translation>
    </message>
    <message>
        <source>Skip that column, or group its values; at most {limit} are encoded.</source>
        <translation>请跳过该列，或将其值归并；最多编码 {limit} 种。</translation>
    </message>
    <message>
        <source>Reading was cancelled.</source>
        <translation>读取已取消。</translation>
    </message>
    <message>
        <source>Nothing has been changed.</source>
        <translation>没有任何更改。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is nothing to read.</source>
        <translation>第 {line} 行第 {column} 列：没有可读的内容。</translation>
    </message>
    <message>
        <source>Type a formula, for example y = sin(x^2).</source>
        <translation>请输入公式，例如 y = sin(x^2)。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The formula is too long.</source>
        <translation>第 {line} 行第 {column} 列：公式太长。</translation>
    </message>
    <message>
        <source>Stop here, or split it.</source>
        <translation>请到此为止，或将其拆开。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is not part of the notation.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不是可用的记号。</translation>
    </message>
    <message>
        <source>Remove it, or type the operation out.</source>
        <translation>请将其删去，或把运算写出来。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; cannot stand here.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不能出现在这里。</translation>
    </message>
    <message>
        <source>A number, a name or an opening parenthesis is expected.</source>
        <translation>此处应为数、名称或左括号。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Something is missing after &apos;{text}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”之后缺少内容。</translation>
    </message>
    <message>
        <source>Go on with a number, a name or a parenthesis, or remove &apos;{text}&apos;.</source>
        <translation>请接着写数、名称或括号，或删去“{text}”。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: An operator is missing before &apos;{text}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”之前缺少运算符。</translation>
    </message>
    <message>
        <source>Write * between the two if a product is meant.</source>
        <translation>若要相乘，请在两者之间写 *。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The parenthesis that opens here is never closed.</source>
        <translation>第 {line} 行第 {column} 列：此处的左括号没有闭合。</translation>
    </message>
    <message>
        <source>Add ) where it ends.</source>
        <translation>请在它结束的地方补上 )。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This parenthesis closes nothing.</source>
        <translation>第 {line} 行第 {column} 列：此右括号没有对应的左括号。</translation>
    </message>
    <message>
        <source>Remove it, or open one before.</source>
        <translation>请将其删去，或在前面补上左括号。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: After a division, a product needs its sign before &apos;{text}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：除法之后的乘法须在“{text}”前写出乘号。</translation>
    </message>
    <message>
        <source>Write a/(b*c) or (a/b)*c.</source>
        <translation>请写成 a/(b*c) 或 (a/b)*c。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; may belong to the exponent or not.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”是否属于指数并不明确。</translation>
    </message>
    <message>
        <source>Write a^(2*b) or a^2*b.</source>
        <translation>请写成 a^(2*b) 或 a^2*b。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The argument of &apos;{text}&apos; needs parentheses.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”的参数须加括号。</translation>
    </message>
    <message>
        <source>Write {text}(x), and a power as {text}(x)^2.</source>
        <translation>请写成 {text}(x)，乘方则写成 {text}(x)^2。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; cannot take {count} arguments.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不能有 {count} 个参数。</translation>
    </message>
    <message>
        <source>Functions take one, min and max take from 2 to {most}.</source>
        <translation>函数取一个参数，min 和 max 取 2 到 {most} 个。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is not a known function.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不是已知的函数。</translation>
    </message>
    <message>
        <source>The functions are {functions}; write * if a product is meant.</source>
        <translation>可用的函数有 {functions}；若要相乘，请写 *。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; has no value.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”没有值。</translation>
    </message>
    <message>
        <source>Give it one, or define it on an earlier line.</source>
        <translation>请给它一个值，或在前面的行中定义它。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This is not how a line defines a name.</source>
        <translation>第 {line} 行第 {column} 列：定义名称不是这样写的。</translation>
    </message>
    <message>
        <source>Write one name, =, and an expression, for example u = x^2 + 1.</source>
        <translation>请写一个名称、= 和一个表达式，例如 u = x^2 + 1。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is the name of a function.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”是函数名。</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>请换一个名称。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is already defined by an earlier line.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”已在前面的行中定义。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is used before this line defines it.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”在本行定义之前就被使用。</translation>
    </message>
    <message>
        <source>Move this line up, or choose another name.</source>
        <translation>请将本行上移，或换一个名称。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: A line without a name is lost unless it is the last.</source>
        <translation>第 {line} 行第 {column} 列：除最后一行外，没有名称的行不起作用。</translation>
    </message>
    <message>
        <source>Give it a name: u = …</source>
        <translation>请给它一个名称：u = …</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The number {text} is too large.</source>
        <translation>第 {line} 行第 {column} 列：数 {text} 太大。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is {value}.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”为 {value}。</translation>
    </message>
    <message>
        <source>Give it a finite value.</source>
        <translation>请给它一个有限的值。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is too large here.</source>
        <translation>第 {line} 行第 {column} 列：{text} 在此处太大。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} divides by zero here.</source>
        <translation>第 {line} 行第 {column} 列：{text} 在此处除以零。</translation>
    </message>
    <message>
        <source>Change the values so that the divisor is not 0.</source>
        <translation>请更改数值，使除数不为 0。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is the logarithm of a number that is not positive.</source>
        <translation>第 {line} 行第 {column} 列：{text} 是非正数的对数。</translation>
    </message>
    <message>
        <source>Change the values so that it is positive.</source>
        <translation>请更改数值，使其为正。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is the square root of a negative number.</source>
        <translation>第 {line} 行第 {column} 列：{text} 是负数的平方根。</translation>
    </message>
    <message>
        <source>Change the values so that it is not negative.</source>
        <translation>请更改数值，使其不为负。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} raises a negative number to a fractional power.</source>
        <translation>第 {line} 行第 {column} 列：{text} 是负数的分数次幂。</translation>
    </message>
    <message>
        <source>Change the values so that the base is not negative.</source>
        <translation>请更改数值，使底数不为负。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} has no finite derivative by {operand} here.</source>
        <translation>第 {line} 行第 {column} 列：{text} 在此处对 {operand} 没有有限的导数。</translation>
    </message>
    <message>
        <source>Move the values away from this point.</source>
        <translation>请使数值离开此点。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The derivative at {text} is too large.</source>
        <translation>第 {line} 行第 {column} 列：{text} 处的导数太大。</translation>
    </message>
    <message>
        <source>Change the values so that the factors are smaller.</source>
        <translation>请更改数值，使各因子变小。</translation>
    </message>
    <message>
        <source>Make the folder first, or choose another place.</source>
        <translation>请先建立该文件夹，或另选位置。</translation>
    </message>
    <message>
        <source>What was there before is untouched. Choose a place where you may write.</source>
        <translation>原有内容没有变动。请选择有写入权限的位置。</translation>
    </message>
    <message>
        <source>It is untouched. Choose another name.</source>
        <translation>它没有变动。请另选名称。</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}.</source>
        <translation>无法读取 {name}：{reason}。</translation>
    </message>
    <message>
        <source>{name} cannot be written: {reason}.</source>
        <translation>无法写入 {name}：{reason}。</translation>
    </message>
    <message>
        <source>{file} cannot be read: {reason}.</source>
        <translation>无法读取 {file}：{reason}。</translation>
    </message>
    <message>
        <source>{file} cannot be written: {reason}.</source>
        <translation>无法写入 {file}：{reason}。</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>请选择其他位置。</translation>
    </message>
    <message>
        <source>There is a {file} already, and it is not overwritten.</source>
        <translation>{file} 已经存在，不会被覆盖。</translation>
    </message>
    <message>
        <source>&apos;{file}&apos; is no name for a lesson.</source>
        <translation>“{file}”不能用作课程名。</translation>
    </message>
    <message>
        <source>Take letters, digits, _ and -, 40 at most.</source>
        <translation>请使用字母、数字、_ 和 -，最多 40 个字符。</translation>
    </message>
    <message>
        <source>There is no lesson.md in {file}.</source>
        <translation>{file} 中没有 lesson.md。</translation>
    </message>
    <message>
        <source>Choose the folder or the .bplesson file of a lesson.</source>
        <translation>请选择课程的文件夹或 .bplesson 文件。</translation>
    </message>
    <message>
        <source>The lesson has no translation into {language}.</source>
        <translation>该课程没有 {language} 译文。</translation>
    </message>
    <message>
        <source>It has: {allowed}.</source>
        <translation>现有：{allowed}。</translation>
    </message>
    <message>
        <source>{file} is not a zip file, or it is damaged.</source>
        <translation>{file} 不是 zip 文件，或者已损坏。</translation>
    </message>
    <message>
        <source>Zip the lesson&apos;s folder again.</source>
        <translation>请重新压缩课程文件夹。</translation>
    </message>
    <message>
        <source>The archive holds &apos;{name}&apos;, which leads out of the lesson&apos;s folder.</source>
        <translation>压缩包中有“{name}”，它指向课程文件夹之外。</translation>
    </message>
    <message>
        <source>Do not open it unless you know who made it; zip the folder again.</source>
        <translation>除非知道制作者是谁，否则不要打开；请重新压缩文件夹。</translation>
    </message>
    <message>
        <source>{file} has {size}; here at most {limit} are read.</source>
        <translation>{file} 有 {size}；这里最多读取 {limit}。</translation>
    </message>
    <message>
        <source>Make it smaller: a lesson needs few rows and few words.</source>
        <translation>请把它变小：一节课只需要少量的行和文字。</translation>
    </message>
    <message>
        <source>The lesson has {count} files; at most {limit} are read.</source>
        <translation>该课程有 {count} 个文件；最多读取 {limit} 个。</translation>
    </message>
    <message>
        <source>Leave out what is not needed.</source>
        <translation>请去掉不需要的文件。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is no file &apos;{name}&apos; here.</source>
        <translation>第 {line} 行第 {column} 列：这里没有文件“{name}”。</translation>
    </message>
    <message>
        <source>Put it into the lesson&apos;s folder, or mend its name.</source>
        <translation>请把它放进课程文件夹，或者改正文件名。</translation>
    </message>
    <message>
        <source>{file} is not text in UTF-8.</source>
        <translation>{file} 不是 UTF-8 文本。</translation>
    </message>
    <message>
        <source>Save it as UTF-8.</source>
        <translation>请另存为 UTF-8。</translation>
    </message>
    <message>
        <source>Two lessons are called &apos;{name}&apos;: {first} and {second}.</source>
        <translation>有两节课都叫“{name}”：{first} 和 {second}。</translation>
    </message>
    <message>
        <source>Give one of the folders another name.</source>
        <translation>请给其中一个文件夹改名。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The lesson does not begin with a head.</source>
        <translation>第 {line} 行第 {column} 列：课程没有以文件头开始。</translation>
    </message>
    <message>
        <source>Begin with a line +++, then title = &quot;…&quot; and the rest, then +++.</source>
        <translation>请先写一行 +++，然后是 title = &quot;…&quot; 等内容，最后再写 +++。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The head is not valid TOML: {reason}.</source>
        <translation>第 {line} 行第 {column} 列：文件头不是有效的 TOML：{reason}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{name}&apos; is not known in a head.</source>
        <translation>第 {line} 行第 {column} 列：文件头中没有“{name}”这一项。</translation>
    </message>
    <message>
        <source>What may stand here is: {allowed}.</source>
        <translation>这里可以写：{allowed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{name}&apos; is missing.</source>
        <translation>第 {line} 行第 {column} 列：缺少“{name}”。</translation>
    </message>
    <message>
        <source>Add it, for example: {example}</source>
        <translation>请补上，例如：{example}</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {name} is {value}.</source>
        <translation>第 {line} 行第 {column} 列：{name} 是 {value}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {name} and {other} do not go together.</source>
        <translation>第 {line} 行第 {column} 列：{name} 和 {other} 不能同时使用。</translation>
    </message>
    <message>
        <source>Leave one of them out.</source>
        <translation>请去掉其中一个。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{name}&apos; is not a kind of block.</source>
        <translation>第 {line} 行第 {column} 列：没有“{name}”这种块。</translation>
    </message>
    <message>
        <source>The kinds are: {allowed}; plain code is marked text.</source>
        <translation>块的种类有：{allowed}；普通代码请标为 text。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The block &apos;{name}&apos; stands within a list or a quotation.</source>
        <translation>第 {line} 行第 {column} 列：块“{name}”位于列表或引用之中。</translation>
    </message>
    <message>
        <source>Move it to the left margin.</source>
        <translation>请把它移到行首。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The block &apos;{name}&apos; is never closed.</source>
        <translation>第 {line} 行第 {column} 列：块“{name}”没有结束。</translation>
    </message>
    <message>
        <source>Add a line of three backticks where it ends.</source>
        <translation>请在它结束的地方加一行三个反引号。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There are more than {limit} blocks.</source>
        <translation>第 {line} 行第 {column} 列：块超过 {limit} 个。</translation>
    </message>
    <message>
        <source>Make two lessons of it.</source>
        <translation>请分成两节课。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {block} has no option &apos;{name}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：{block} 没有选项“{name}”。</translation>
    </message>
    <message>
        <source>Its options are: {allowed}.</source>
        <translation>它的选项有：{allowed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{name}&apos; cannot stand here.</source>
        <translation>第 {line} 行第 {column} 列：这里不能写“{name}”。</translation>
    </message>
    <message>
        <source>Write options as name=value, a value with spaces in double quotes.</source>
        <translation>选项请写成 name=value；含空格的值放在双引号中。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The quotation mark that opens here is never closed.</source>
        <translation>第 {line} 行第 {column} 列：从这里开始的引号没有结束。</translation>
    </message>
    <message>
        <source>Add &quot; where the value ends.</source>
        <translation>请在值结束的地方加上 &quot;。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The option &apos;{name}&apos; is given twice.</source>
        <translation>第 {line} 行第 {column} 列：选项“{name}”写了两次。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {block} needs {name}.</source>
        <translation>第 {line} 行第 {column} 列：{block} 需要 {name}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {name} is &apos;{value}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：{name} 是“{value}”。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The id &apos;{name}&apos; is that of line {other} already.</source>
        <translation>第 {line} 行第 {column} 列：id“{name}”在第 {other} 行已经用过。</translation>
    </message>
    <message>
        <source>Give one of the two another id.</source>
        <translation>请把其中一个改成别的 id。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is no question &apos;{name}&apos; before.</source>
        <translation>第 {line} 行第 {column} 列：前面没有问题“{name}”。</translation>
    </message>
    <message>
        <source>Put the block behind its question, or mend of=.</source>
        <translation>请把这个块放到它的问题之后，或者改正 of=。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is no experiment &apos;{name}&apos;.</source>
        <translation>第 {line} 行第 {column} 列：没有实验“{name}”。</translation>
    </message>
    <message>
        <source>The head has: {allowed}.</source>
        <translation>文件头中有：{allowed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This needs an experiment, and the head has none.</source>
        <translation>第 {line} 行第 {column} 列：这里需要一个实验，而文件头中没有。</translation>
    </message>
    <message>
        <source>Add a table [experiments.NAME] to the head.</source>
        <translation>请在文件头中加上表 [experiments.NAME]。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {block} asks nothing: it has no text.</source>
        <translation>第 {line} 行第 {column} 列：{block} 没有文字，什么也没问。</translation>
    </message>
    <message>
        <source>Write the question below the line that opens it.</source>
        <translation>请把问题写在块的第一行下面。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {block} has too few things to choose from or to sort.</source>
        <translation>第 {line} 行第 {column} 列：{block} 可供选择或排序的项太少。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Training meets a number that is not finite before step {step} is done.</source>
        <translation>第 {line} 行第 {column} 列：训练在完成第 {step} 步之前遇到了非有限的数。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: With seed {seed}, {count} of the answers are right, not one.</source>
        <translation>第 {line} 行第 {column} 列：种子为 {seed} 时有 {count} 个答案正确，而不是一个。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: With seed {seed}, {first} and {second} are equal, so nothing is right.</source>
        <translation>第 {line} 行第 {column} 列：种子为 {seed} 时 {first} 与 {second} 相等，因此没有正确答案。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: With seed {seed}, no place is right.</source>
        <translation>第 {line} 行第 {column} 列：种子为 {seed} 时没有一处正确。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: With seed {seed}, every place is right.</source>
        <translation>第 {line} 行第 {column} 列：种子为 {seed} 时每一处都正确。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: With solve=, the goal is not met within {within} steps ({found}).</source>
        <translation>第 {line} 行第 {column} 列：按 solve= 修改后，{within} 步之内没有达到目标（{found}）。</translation>
    </message>
    <message>
        <source>Mend needs = in the head, or leave it out.</source>
        <translation>请改正文件头中的 needs =，或者去掉它。</translation>
    </message>
    <message>
        <source>Give it two or more, each on a line that begins with &apos;- &apos;.</source>
        <translation>请写两项或更多，每项一行，以“- ”开头。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Nothing says when this answer is right, or where it belongs.</source>
        <translation>第 {line} 行第 {column} 列：没有说明这一项何时正确，或者排在哪里。</translation>
    </message>
    <message>
        <source>Begin it with an expression in backticks: - `grad[2,1,1] &gt; 0` positive</source>
        <translation>请在开头写反引号中的表达式：- `grad[2,1,1] &gt; 0` 正</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is nothing to fill in.</source>
        <translation>第 {line} 行第 {column} 列：没有要填的空。</translation>
    </message>
    <message>
        <source>Write [[expression]] where a number is asked for, or give hide=.</source>
        <translation>请在要填数的地方写 [[表达式]]，或者给出 hide=。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The number that begins here with {{{{ is never closed.</source>
        <translation>第 {line} 行第 {column} 列：从这里的 {{{{ 开始的数没有结束。</translation>
    </message>
    <message>
        <source>Close it on the same line with }}}}.</source>
        <translation>请在同一行用 }}}} 结束。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The expression is too long.</source>
        <translation>第 {line} 行第 {column} 列：表达式太长。</translation>
    </message>
    <message>
        <source>Use at most {limit} characters.</source>
        <translation>最多使用 {limit} 个字符。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is a typed number, not one of the experiment.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”是写死的数，不是实验中的数。</translation>
    </message>
    <message>
        <source>Write how it comes from the record, for example grad[2,1,1], so that it stays right.</source>
        <translation>请写出它如何由记录得到，例如 grad[2,1,1]，这样它始终正确。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is not a condition.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不是条件。</translation>
    </message>
    <message>
        <source>Compare two expressions, for example grad[2,1,1] &gt; 0.</source>
        <translation>请比较两个表达式，例如 grad[2,1,1] &gt; 0。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is not a number of the record.</source>
        <translation>第 {line} 行第 {column} 列：记录中没有“{text}”这个数。</translation>
    </message>
    <message>
        <source>The names are: {allowed}.</source>
        <translation>可用的名称有：{allowed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} has not the indices it needs.</source>
        <translation>第 {line} 行第 {column} 列：{text} 的下标不对。</translation>
    </message>
    <message>
        <source>Write {expected}, with numbers from 1 on.</source>
        <translation>请写 {expected}，编号从 1 开始。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; cannot stand in these brackets.</source>
        <translation>第 {line} 行第 {column} 列：这个方括号里不能写“{text}”。</translation>
    </message>
    <message>
        <source>Here may stand: {allowed}.</source>
        <translation>这里可以写：{allowed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is no {text} in the network {sizes}.</source>
        <translation>第 {line} 行第 {column} 列：网络 {sizes} 中没有 {text}。</translation>
    </message>
    <message>
        <source>Layers and units count from 1; layer 0 are the inputs.</source>
        <translation>层和单元从 1 开始编号；第 0 层是输入。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: There is no sample {value}: the mini-batch has {rows} rows.</source>
        <translation>第 {line} 行第 {column} 列：没有样本 {value}：小批量有 {rows} 行。</translation>
    </message>
    <message>
        <source>Choose one from 1 to {rows}.</source>
        <translation>请选择 1 到 {rows} 之间的一个。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The optimizer {optimizer} has no {text}.</source>
        <translation>第 {line} 行第 {column} 列：优化器 {optimizer} 没有 {text}。</translation>
    </message>
    <message>
        <source>Choose an optimizer that has it, or another quantity.</source>
        <translation>请选择具有它的优化器，或者另一个量。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is {value}.</source>
        <translation>第 {line} 行第 {column} 列：{text} 是 {value}。</translation>
    </message>
    <message>
        <source>Change the experiment or the step, so that it is a finite number.</source>
        <translation>请改变实验或步数，使它成为有限的数。</translation>
    </message>
    <message>
        <source>Ask about an earlier step, or give it a smaller learning rate.</source>
        <translation>请改问更早的一步，或者减小学习率。</translation>
    </message>
    <message>
        <source>Change the conditions so that exactly one of them holds.</source>
        <translation>请修改条件，使得恰好有一个成立。</translation>
    </message>
    <message>
        <source>Ask for something that differs, or change the experiment.</source>
        <translation>请改问有差别的量，或者改变实验。</translation>
    </message>
    <message>
        <source>Change the condition or the experiment.</source>
        <translation>请修改条件或实验。</translation>
    </message>
    <message>
        <source>Change the condition, so that there is something to find.</source>
        <translation>请修改条件，使得有东西可找。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The goal is met before anything is changed.</source>
        <translation>第 {line} 行第 {column} 列：什么都没改，目标就已经达到。</translation>
    </message>
    <message>
        <source>Ask for more, or begin from another experiment.</source>
        <translation>请提高要求，或者从另一个实验开始。</translation>
    </message>
    <message>
        <source>Ask for less, give more steps, or mend solve=.</source>
        <translation>请降低要求、增加步数，或者改正 solve=。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: solve= changes {name}, which is locked.</source>
        <translation>第 {line} 行第 {column} 列：solve= 修改了被锁定的 {name}。</translation>
    </message>
    <message>
        <source>Unlock it, or find another solution.</source>
        <translation>请解除锁定，或者换一个解法。</translation>
    </message>
    <message>
        <source>Write learning_rate=0.5, w[2,1,1]=0 or b[1,2]=0.1.</source>
        <translation>请写成 learning_rate=0.5、w[2,1,1]=0 或 b[1,2]=0.1。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This needs {steps} steps of {sizes}.</source>
        <translation>第 {line} 行第 {column} 列：这需要网络 {sizes} 的 {steps} 步。</translation>
    </message>
    <message>
        <source>Take a smaller network or fewer steps, so that nobody waits.</source>
        <translation>请用更小的网络或更少的步数，以免等待。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This mistake does not show in this step.</source>
        <translation>第 {line} 行第 {column} 列：这个错误在这一步中显不出来。</translation>
    </message>
    <message>
        <source>Choose another one, more rows, or any.</source>
        <translation>请换一个错误、增加行数，或者写 any。</translation>
    </message>
    <message>
        <source>Mend that.</source>
        <translation>请改正。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: It needs the lesson &apos;{name}&apos;, which is not there.</source>
        <translation>第 {line} 行第 {column} 列：它需要课程“{name}”，但没有这节课。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Here the translation has {found}, and lesson.md {expected}.</source>
        <translation>第 {line} 行第 {column} 列：这里译文是 {found}，而 lesson.md 是 {expected}。</translation>
    </message>
    <message>
        <source>Give both the same blocks in the same order, with the same options.</source>
        <translation>两者的块、顺序和选项必须相同。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The translation has no {expected}.</source>
        <translation>第 {line} 行第 {column} 列：译文中没有 {expected}。</translation>
    </message>
    <message>
        <source>Add the block; it stands in lesson.md, line {other}.</source>
        <translation>请补上这个块；它在 lesson.md 的第 {other} 行。</translation>
    </message>
    <message>
        <source>What was there before is untouched. Make room, or choose another place.</source>
        <translation>原有内容没有变动。请腾出空间，或另选位置。</translation>
    </message>
    <message>
        <source>It was cancelled.</source>
        <translation>已取消。</translation>
    </message>
    <message>
        <source>{name} is not a session of Backprop Lab.</source>
        <translation>{name} 不是 Backprop Lab 的会话。</translation>
    </message>
    <message>
        <source>Open a file that ends in .bplab.</source>
        <translation>请打开以 .bplab 结尾的文件。</translation>
    </message>
    <message>
        <source>{name} is damaged or cut off: it has no end.</source>
        <translation>{name} 已损坏或不完整：缺少结尾。</translation>
    </message>
    <message>
        <source>Open another copy of it.</source>
        <translation>请打开它的另一个副本。</translation>
    </message>
    <message>
        <source>{name} has the file format {version}; this program knows those up to {known}.</source>
        <translation>{name} 的文件格式为 {version}；本程序最高支持 {known}。</translation>
    </message>
    <message>
        <source>Open it with a newer Backprop Lab.</source>
        <translation>请用更新版本的 Backprop Lab 打开。</translation>
    </message>
    <message>
        <source>{name} is damaged at {member}: {reason}.</source>
        <translation>{name} 在 {member} 处损坏：{reason}。</translation>
    </message>
    <message>
        <source>Copy it again, or open an older copy.</source>
        <translation>请重新复制，或打开较早的副本。</translation>
    </message>
    <message>
        <source>{name} is damaged: {member} is missing.</source>
        <translation>{name} 已损坏：缺少 {member}。</translation>
    </message>
    <message>
        <source>{name} holds {member}, which no session does.</source>
        <translation>{name} 含有 {member}，会话中不会有此项。</translation>
    </message>
    <message>
        <source>It comes from elsewhere or was tampered with; do not use it.</source>
        <translation>它来自别处或被改动过；请勿使用。</translation>
    </message>
    <message>
        <source>{name}: {member} would take {size}; at most {limit} are read.</source>
        <translation>{name}：{member} 将占用 {size}；最多读取 {limit}。</translation>
    </message>
    <message>
        <source>{name}, {member}: {field} is not {expected}.</source>
        <translation>{name}，{member}：{field} 不是{expected}。</translation>
    </message>
    <message>
        <source>{name}, {member}: {field} does not fit the rest: {reason}</source>
        <translation>{name}，{member}：{field} 与其余部分不符：{reason}</translation>
    </message>
    <message>
        <source>The data of {name} are in the file {file}, which is not there.</source>
        <translation>{name} 的数据在文件 {file} 中，但该文件不存在。</translation>
    </message>
    <message>
        <source>Say where it is now.</source>
        <translation>请指明它现在的位置。</translation>
    </message>
    <message>
        <source>The data of {name} are in the file {file}, which has changed since it was saved.</source>
        <translation>{name} 的数据在文件 {file} 中，该文件在保存之后已被改动。</translation>
    </message>
    <message>
        <source>Say where the unchanged file is, or open the changed one anew.</source>
        <translation>请指明未改动的文件在哪里，或重新打开改动后的文件。</translation>
    </message>
    <message>
        <source>{name} was made with {theirs}, and this is {ours}.</source>
        <translation>{name} 由 {theirs} 生成，而这里是 {ours}。</translation>
    </message>
    <message>
        <source>It goes on the same within rounding, not bit for bit.</source>
        <translation>结果在舍入误差之内相同，但并非逐位一致。</translation>
    </message>
    <message>
        <source>{name} is not an experiment: it is no text in UTF-8.</source>
        <translation>{name} 不是实验：它不是 UTF-8 文本。</translation>
    </message>
    <message>
        <source>Open a file that ends in .toml.</source>
        <translation>请打开以 .toml 结尾的文件。</translation>
    </message>
    <message>
        <source>{name} has {size}; an experiment has at most {limit}.</source>
        <translation>{name} 大小为 {size}；实验最多 {limit}。</translation>
    </message>
    <message>
        <source>{what} cannot be written as {format}.</source>
        <translation>{what} 无法写成 {format}。</translation>
    </message>
    <message>
        <source>Write it as {instead}, or do without it.</source>
        <translation>请改写成 {instead}，或不用它。</translation>
    </message>
    <message>
        <source>To write {format} files, {package} must be installed.</source>
        <translation>要写入 {format} 文件，须先安装 {package}。</translation>
    </message>
    <message>
        <source>{type} of the shape ({shape})</source>
        <translation>形状为 ({shape}) 的 {type}</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>a list of texts</source>
        <translation>文本列表</translation>
    </message>
    <message>
        <source>a list of whole numbers</source>
        <translation>整数列表</translation>
    </message>
    <message>
        <source>above {0}</source>
        <translation>大于 {0}</translation>
    </message>
    <message>
        <source>at least {0}</source>
        <translation>不小于 {0}</translation>
    </message>
    <message>
        <source>below {0}</source>
        <translation>小于 {0}</translation>
    </message>
    <message>
        <source>at most {0}</source>
        <translation>不大于 {0}</translation>
    </message>
    <message>
        <source>from {0} to {1}</source>
        <translation>从 {0} 到 {1}</translation>
    </message>
    <message>
        <source>0 in the output layer</source>
        <translation>输出层中为 0</translation>
    </message>
    <message>
        <source>a finite number</source>
        <translation>有限数</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 且 </translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>delta</source>
        <translation>delta</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>the sum over the batch</source>
        <translation>整批的总和</translation>
    </message>
    <message>
        <source>the penalty</source>
        <translation>正则项</translation>
    </message>
    <message>
        <source>the norm of the gradient</source>
        <translation>梯度的范数</translation>
    </message>
    <message>
        <source>the norm of the update</source>
        <translation>更新量的范数</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新量</translation>
    </message>
    <message>
        <source>it holds a tag without an end</source>
        <translation>其中有一个没有结尾的标签</translation>
    </message>
    <message>
        <source>it is packed in a way that is not read</source>
        <translation>其压缩方式不受支持</translation>
    </message>
    <message>
        <source>{member} in the archive expands to more than the {size} it says.</source>
        <translation>压缩包中的 {member} 解压后超过其声明的 {size}。</translation>
    </message>
    <message>
        <source>It is damaged or made to fill the memory; do not use it.</source>
        <translation>它已损坏，或是专为占满内存而制作的；请勿使用。</translation>
    </message>
    <message>
        <source>What was there before is untouched. Choose another place.</source>
        <translation>原有内容没有变动。请另选位置。</translation>
    </message>
    <message>
        <source>Line {line}: {name} has the shape {shape}, which fits no layout.</source>
        <translation>第 {line} 行：{name} 的形状是 {shape}，不符合任何排列方式。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; is not a quantity of this network&apos;s step.</source>
        <translation>“{name}”不是这个网络一步中的量。</translation>
    </message>
    <message>
        <source>They are called {allowed}.</source>
        <translation>它们的名称是 {allowed}。</translation>
    </message>
    <message>
        <source>There is nothing to check: no number of the step was given.</source>
        <translation>没有可检查的内容：没有给出这一步的任何数。</translation>
    </message>
    <message>
        <source>Give for example dW1 and db1, the loss, or W1 after the step.</source>
        <translation>请给出例如 dW1 和 db1、损失，或这一步之后的 W1。</translation>
    </message>
    <message>
        <source>{name} has {found} arrays; the network has {expected} layers.</source>
        <translation>{name} 有 {found} 个数组，而网络有 {expected} 层。</translation>
    </message>
    <message>
        <source>Give one array for each layer, the first hidden layer first.</source>
        <translation>请为每层给出一个数组，从第一个隐藏层开始。</translation>
    </message>
    <message>
        <source>{name} has the shape {shape}.</source>
        <translation>{name} 的形状是 {shape}。</translation>
    </message>
    <message>
        <source>Here it must have the shape {expected}.</source>
        <translation>这里它的形状必须是 {expected}。</translation>
    </message>
    <message>
        <source>The rows of {name} are not all of one length.</source>
        <translation>{name} 的各行长度不一。</translation>
    </message>
    <message>
        <source>Give a whole matrix: a number is missing, or there is one too many.</source>
        <translation>请给出完整的矩阵：少了一个数，或多了一个数。</translation>
    </message>
    <message>
        <source>{name} holds complex numbers.</source>
        <translation>{name} 含有复数。</translation>
    </message>
    <message>
        <source>Give real numbers.</source>
        <translation>请给出实数。</translation>
    </message>
    <message>
        <source>{name} does not hold plain numbers.</source>
        <translation>{name} 所含的不是普通的数。</translation>
    </message>
    <message>
        <source>Give an array of whole or floating-point numbers.</source>
        <translation>请给出整数或浮点数的数组。</translation>
    </message>
    <message>
        <source>{name} has {count} numbers; at most {limit} are checked.</source>
        <translation>{name} 有 {count} 个数，最多检查 {limit} 个。</translation>
    </message>
    <message>
        <source>Take a smaller network and a smaller batch: mistakes show there too.</source>
        <translation>请用较小的网络和较小的批：错误在那里同样会显现。</translation>
    </message>
    <message>
        <source>{name}{place} is {value}.</source>
        <translation>{name}{place} 是 {value}。</translation>
    </message>
    <message>
        <source>A step starts from finite numbers.</source>
        <translation>一步必须从有限的数开始。</translation>
    </message>
    <message>
        <source>Set the layer&apos;s dropout in the experiment, or leave the mask out.</source>
        <translation>请在实验中设置该层的随机失活，或不给出掩码。</translation>
    </message>
    <message>
        <source>{name} holds other numbers than 0 and 1.</source>
        <translation>{name} 含有 0 和 1 以外的数。</translation>
    </message>
    <message>
        <source>Give 1 for each unit that was kept, and 0 for each that was dropped.</source>
        <translation>保留的单元请给 1，丢弃的单元请给 0。</translation>
    </message>
    <message>
        <source>{name} has {size}, which is too much to be checked.</source>
        <translation>{name} 有 {size}，太大了，无法检查。</translation>
    </message>
    <message>
        <source>{name} holds pickled objects, which could run any program.</source>
        <translation>{name} 含有 pickle 对象，可能运行任意程序。</translation>
    </message>
    <message>
        <source>Save plain arrays: np.savez(&apos;mine.npz&apos;, dW1=dW1, db1=db1).</source>
        <translation>请保存普通数组：np.savez(&apos;mine.npz&apos;, dW1=dW1, db1=db1)。</translation>
    </message>
    <message>
        <source>{name} is of a kind that is not read here.</source>
        <translation>{name} 属于这里不能读取的类型。</translation>
    </message>
    <message>
        <source>Save the numbers as one of: {supported}.</source>
        <translation>请把数据保存为以下之一：{supported}。</translation>
    </message>
    <message>
        <source>{name} is damaged: {reason}.</source>
        <translation>{name} 已损坏：{reason}。</translation>
    </message>
    <message>
        <source>Save or copy it again.</source>
        <translation>请重新保存或复制。</translation>
    </message>
    <message>
        <source>No numbers were found.</source>
        <translation>没有找到任何数。</translation>
    </message>
    <message>
        <source>Write a name before each array, for example dW1 = [[0.1, 0.2]].</source>
        <translation>请在每个数组前写上名称，例如 dW1 = [[0.1, 0.2]]。</translation>
    </message>
    <message>
        <source>Line {line}: the rows of {name} have {lengths} numbers, not all as many.</source>
        <translation>第 {line} 行：{name} 各行分别有 {lengths} 个数，个数不一。</translation>
    </message>
    <message>
        <source>Line {line}: {text} is a complex number.</source>
        <translation>第 {line} 行：{text} 是复数。</translation>
    </message>
    <message>
        <source>Line {line}: &apos;{text}&apos; is not a number.</source>
        <translation>第 {line} 行：“{text}”不是数。</translation>
    </message>
    <message>
        <source>Mend that line: in an array only numbers may stand.</source>
        <translation>请改正该行：数组中只能有数。</translation>
    </message>
    <message>
        <source>Line {line}: NumPy has left numbers out here, and printed dots.</source>
        <translation>第 {line} 行：NumPy 在这里省略了一些数，只打印了省略号。</translation>
    </message>
    <message>
        <source>Print it after np.set_printoptions(threshold=10**6), or save it with np.savez.</source>
        <translation>请在 np.set_printoptions(threshold=10**6) 之后打印，或用 np.savez 保存。</translation>
    </message>
    <message>
        <source>Line {line}: the bracket {text} that opens here is never closed.</source>
        <translation>第 {line} 行：此处的括号 {text} 没有闭合。</translation>
    </message>
    <message>
        <source>Copy the whole array.</source>
        <translation>请复制整个数组。</translation>
    </message>
    <message>
        <source>Line {line}: this is not valid JSON: {reason}.</source>
        <translation>第 {line} 行：不是有效的 JSON：{reason}。</translation>
    </message>
    <message>
        <source>There is no array &apos;{name}&apos;.</source>
        <translation>没有名为“{name}”的数组。</translation>
    </message>
    <message>
        <source>The arrays are: {allowed}.</source>
        <translation>现有的数组是：{allowed}。</translation>
    </message>
    <message>
        <source>None of these is known as a quantity of a step: {names}.</source>
        <translation>以下都不是已知的一步中的量：{names}。</translation>
    </message>
    <message>
        <source>Say what they are, for example that grad_in is dW1.</source>
        <translation>请说明它们是什么，例如 grad_in 是 dW1。</translation>
    </message>
    <message>
        <source>What the step starts from is not all there: {names}.</source>
        <translation>这一步的起始数据不全，缺少：{names}。</translation>
    </message>
    <message>
        <source>Give it too, or check against a test case or a session.</source>
        <translation>请一并给出，或对照测试用例或会话来检查。</translation>
    </message>
    <message>
        <source>{name} has the shape {shape}, which fits no layout.</source>
        <translation>{name} 的形状是 {shape}，不符合任何排列方式。</translation>
    </message>
    <message>
        <source>Here it would be {expected}, or turned round; see that the network is right.</source>
        <translation>这里应为 {expected} 或其转置；请检查网络是否正确。</translation>
    </message>
    <message>
        <source>There is a {name} already, and it is not overwritten.</source>
        <translation>{name} 已经存在，不会被覆盖。</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>请选择另一个文件夹。</translation>
    </message>
    <message>
        <source>{name} is not a test case: {reason}.</source>
        <translation>{name} 不是测试用例：{reason}。</translation>
    </message>
    <message>
        <source>Have one written with &apos;Give me a test case&apos;.</source>
        <translation>请用“给我一个测试用例”生成一个。</translation>
    </message>
    <message>
        <source>There are no weights or biases among these: {names}.</source>
        <translation>其中没有权重或偏置：{names}。</translation>
    </message>
    <message>
        <source>Call them W1, b1, W2, b2, …; gradients are no parameters.</source>
        <translation>请命名为 W1、b1、W2、b2 等；梯度不是参数。</translation>
    </message>
    <message>
        <source>The program is not valid Python: {reason}.</source>
        <translation>程序不是有效的 Python：{reason}。</translation>
    </message>
    <message>
        <source>Mend that line; it works in an empty folder of its own.</source>
        <translation>请改正该行；程序在它自己的空文件夹中运行。</translation>
    </message>
    <message>
        <source>The program ended itself with exit({code}).</source>
        <translation>程序用 exit({code}) 自行结束了。</translation>
    </message>
    <message>
        <source>Let it come to its end, so that its numbers can be taken.</source>
        <translation>请让它运行到结尾，以便取得它的数。</translation>
    </message>
    <message>
        <source>The program needs more than {limit} of memory.</source>
        <translation>程序需要的内存超过 {limit}。</translation>
    </message>
    <message>
        <source>Let it make one step of a small network.</source>
        <translation>请让它只做小网络的一步。</translation>
    </message>
    <message>
        <source>The program imports {module}, which is not installed here.</source>
        <translation>程序导入了 {module}，而这里没有安装。</translation>
    </message>
    <message>
        <source>Install it beside Backprop Lab, or do without it.</source>
        <translation>请把它与 Backprop Lab 安装在一起，或不使用它。</translation>
    </message>
    <message>
        <source>The program was ended after {seconds} s.</source>
        <translation>程序运行 {seconds} 秒后被终止。</translation>
    </message>
    <message>
        <source>Look for a loop that never ends; it should make one step.</source>
        <translation>请查找不会结束的循环；它应当只做一步。</translation>
    </message>
    <message>
        <source>The program was ended by the system (status {code}).</source>
        <translation>程序被系统终止（状态 {code}）。</translation>
    </message>
    <message>
        <source>Look for what takes much memory or writes much, or ends Python itself.</source>
        <translation>请查找占用大量内存、大量写入或直接结束 Python 的代码。</translation>
    </message>
    <message>
        <source>The function step cannot be called: {reason}.</source>
        <translation>无法调用函数 step：{reason}。</translation>
    </message>
    <message>
        <source>Define it as step(X, T, W, b).</source>
        <translation>请把它定义为 step(X, T, W, b)。</translation>
    </message>
    <message>
        <source>The function step returns {found}.</source>
        <translation>函数 step 返回的是 {found}。</translation>
    </message>
    <message>
        <source>Return names with arrays: {{&quot;dW1&quot;: dW1, &quot;db1&quot;: db1}}.</source>
        <translation>请返回名称和数组：{{&quot;dW1&quot;: dW1, &quot;db1&quot;: db1}}。</translation>
    </message>
    <message>
        <source>The program leaves no numbers in its variables.</source>
        <translation>程序的变量中没有留下任何数。</translation>
    </message>
    <message>
        <source>Keep the arrays of the step in variables, or define step(X, T, W, b).</source>
        <translation>请把这一步的数组保存在变量中，或定义 step(X, T, W, b)。</translation>
    </message>
    <message>
        <source>{quantity}: {text} gives no numbers: {reason}.</source>
        <translation>{quantity}：{text} 得不到数：{reason}。</translation>
    </message>
    <message>
        <source>Write it with names that the program has at its end.</source>
        <translation>请用程序结束时已有的名称来写。</translation>
    </message>
    <message>
        <source>it is a pipe or a device; save what it gives as a file</source>
        <translation>它是管道或设备；请把它的输出存为文件</translation>
    </message>
    <message>
        <source>Something went wrong inside the program: {reason}.</source>
        <translation>程序内部出错：{reason}。</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法完成。</translation>
    </message>
    <message>
        <source>Close other programs, or make the network or the data smaller.</source>
        <translation>请关闭其他程序，或缩小网络或数据。</translation>
    </message>
    <message>
        <source>The disk is full: {reason}.</source>
        <translation>磁盘已满：{reason}。</translation>
    </message>
    <message>
        <source>Make room on it and go on.</source>
        <translation>请腾出空间后继续。</translation>
    </message>
    <message>
        <source>There is no training any more: an error has ended it.</source>
        <translation>训练已不存在：它因错误而终止。</translation>
    </message>
    <message>
        <source>Begin it anew.</source>
        <translation>请重新开始。</translation>
    </message>
    <message>
        <source>The network {sizes} would take {size} of memory; here it may take {limit}.</source>
        <translation>网络 {sizes} 需要 {size} 内存；这里最多可用 {limit}。</translation>
    </message>
    <message>
        <source>Give its layers fewer units.</source>
        <translation>请减少各层的单元数。</translation>
    </message>
    <message>
        <source>{name} has been changed elsewhere since it was opened or saved here.</source>
        <translation>{name} 自在此处打开或保存以来，已在别处被更改。</translation>
    </message>
    <message>
        <source>It is untouched, and your work is not saved yet.</source>
        <translation>该文件未被改动，您的工作尚未保存。</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>它是文件夹</translation>
    </message>
    <message>
        <source>it is a device or a pipe, not a file</source>
        <translation>它是设备或管道，不是文件</translation>
    </message>
    <message>
        <source>it is read-only</source>
        <translation>它是只读的</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The name &apos;{text}&apos; is too long.</source>
        <translation>第 {line} 行第 {column} 列：名称“{text}”太长。</translation>
    </message>
    <message>
        <source>Choose a name of at most {limit} letters.</source>
        <translation>请取一个不超过 {limit} 个字母的名称。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The number &apos;{text}&apos; is too long.</source>
        <translation>第 {line} 行第 {column} 列：数字“{text}”太长。</translation>
    </message>
    <message>
        <source>Write it with at most {limit} digits, a large one with a power of ten as in 1e30.</source>
        <translation>请用不超过 {limit} 位数字书写，大数用 10 的幂，例如 1e30。</translation>
    </message>
    <message>
        <source>The state before it is shown. No update has been made yet: look at the data and the initial weights, and scale the features or targets if they are large.</source>
        <translation>现在显示的是此前的状态。此时尚未做过任何更新：请检查数据和初始权重，若特征或目标值很大，请对其缩放。</translation>
    </message>
    <message>
        <source>No mistake of this kind shows in the numbers of this step.</source>
        <translation>这类错误在这一步的数字里看不出来。</translation>
    </message>
    <message>
        <source>Choose another one, or train some steps with more rows.</source>
        <translation>请换一个错误，或用更多行数据再训练几步。</translation>
    </message>
    <message>
        <source>Keep below 1.8·10³⁰⁸.</source>
        <translation>须小于 1.8·10³⁰⁸。</translation>
    </message>
    <message>
        <source>Keep values below 1.8·10³⁰⁸.</source>
        <translation>数值须小于 1.8·10³⁰⁸。</translation>
    </message>
    <message>
        <source>The reading was cancelled.</source>
        <translation>已取消读取。</translation>
    </message>
    <message>
        <source>Begin again.</source>
        <translation>请重新开始。</translation>
    </message>
    <message>
        <source>The program failed: {error}.</source>
        <translation>程序出错：{error}。</translation>
    </message>
    <message>
        <source>it belongs to another network</source>
        <translation>它属于另一个网络</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>它是空的</translation>
    </message>
    <message>
        <source>it has no inputs</source>
        <translation>其中没有输入</translation>
    </message>
    <message>
        <source>there is no such file</source>
        <translation>没有这个文件</translation>
    </message>
    <message>
        <source>it is nested too deep</source>
        <translation>嵌套过深</translation>
    </message>
    <message>
        <source>{field} is {value}, but a {target} target is not scaled.</source>
        <translation>{field} 为 {value}，但 {target} 目标不作缩放。</translation>
    </message>
    <message>
        <source>Choose none for it, or a target of numbers.</source>
        <translation>请选择“无”，或改用数值目标。</translation>
    </message>
    <message>
        <source>The network takes no notice of these columns, which training had not: {names}.</source>
        <translation>以下列训练时没有，网络不予理会：{names}。</translation>
    </message>
    <message>
        <source>{count} cells hold a value that training had not, the first on line {line} (&apos;{text}&apos; in {name}); taken as missing.</source>
        <translation>{count} 个单元格含有训练时没有的值，首个在第 {line} 行（{name} 中的“{text}”）；视为缺失。</translation>
    </message>
    <message>
        <source>{count} rows are of a class that training had not, the first on line {line} (&apos;{text}&apos; in {name}).</source>
        <translation>{count} 行属于训练时没有的类别，首个在第 {line} 行（{name} 中的“{text}”）。</translation>
    </message>
    <message>
        <source>{count} rows have no target to compare with, the first on line {line}.</source>
        <translation>{count} 行没有可对照的目标，首个在第 {line} 行。</translation>
    </message>
    <message>
        <source>These columns that the network takes are missing: {names}.</source>
        <translation>缺少网络所需的这些列：{names}。</translation>
    </message>
    <message>
        <source>Columns are found by their names; here they are: {found}.</source>
        <translation>列按名称对应；此处的列为：{found}。</translation>
    </message>
    <message>
        <source>There are {rows} rows; a sheet of Excel holds {limit}.</source>
        <translation>共有 {rows} 行；一张 Excel 工作表最多容纳 {limit} 行。</translation>
    </message>
    <message>
        <source>Save them as CSV.</source>
        <translation>请另存为 CSV。</translation>
    </message>
    <message>
        <source>Type {instead} in its place.</source>
        <translation>请改为输入 {instead}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: LaTeX is not read here.</source>
        <translation>第 {line} 行第 {column} 列：此处不能读取 LaTeX。</translation>
    </message>
    <message>
        <source>Type names without the backslash, a fraction as (a)/(b), a root as sqrt(x).</source>
        <translation>名称前不要加反斜杠；分数写作 (a)/(b)，根号写作 sqrt(x)。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The bar that opens here is never closed.</source>
        <translation>第 {line} 行第 {column} 列：从这里开始的竖线没有闭合。</translation>
    </message>
    <message>
        <source>Add | where it ends, or write abs(x).</source>
        <translation>请在结束处加上 |，或写作 abs(x)。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This choice between two is not whole.</source>
        <translation>第 {line} 行第 {column} 列：这个分段表达式不完整。</translation>
    </message>
    <message>
        <source>Write {{x if x &gt; 0 else 0}}, with one comparison after each if.</source>
        <translation>请写作 {{x if x &gt; 0 else 0}}，每个 if 之后有一个比较。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; stands in braces only.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”只能写在花括号内。</translation>
    </message>
    <message>
        <source>Write {{x if x &gt; 0 else 0}}.</source>
        <translation>请写作 {{x if x &gt; 0 else 0}}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Is &apos;{text}&apos; one name, or {reading}?</source>
        <translation>第 {line} 行第 {column} 列：“{text}”是一个名称，还是 {reading}？</translation>
    </message>
    <message>
        <source>Write {reading}, or call it {another}.</source>
        <translation>请写作 {reading}，或改名为 {another}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Is {reading} meant here, or {another}?</source>
        <translation>第 {line} 行第 {column} 列：此处是指 {reading}，还是 {another}？</translation>
    </message>
    <message>
        <source>Write the one that is meant.</source>
        <translation>请写明所指的那一个。</translation>
    </message>
    <message>
        <source>Write the parentheses.</source>
        <translation>请写出括号。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; has no numbers and no shape.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”既没有数值，也没有形状。</translation>
    </message>
    <message>
        <source>Give it numbers, {text} = [1, 2; 3, 4], or a shape, {text}: 2x2.</source>
        <translation>请给出数值 {text} = [1, 2; 3, 4]，或形状 {text}: 2x2。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: No line says what is to be derived.</source>
        <translation>第 {line} 行第 {column} 列：没有一行说明要对什么求导。</translation>
    </message>
    <message>
        <source>End with one number, for example L = sum((a - t)^2)/2.</source>
        <translation>最后一行应得到一个数，例如 L = sum((a - t)^2)/2。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is {shape}, and a gradient is that of one number.</source>
        <translation>第 {line} 行第 {column} 列：{text} 的形状为 {shape}，而梯度是对一个数求的。</translation>
    </message>
    <message>
        <source>End with a line such as L = sum(…) or L = mean(…).</source>
        <translation>最后一行请写成 L = sum(…) 或 L = mean(…) 之类。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {left} has {columns} columns, and {right} has {rows} rows: {text} does not exist.</source>
        <translation>第 {line} 行第 {column} 列：{left} 有 {columns} 列，而 {right} 有 {rows} 行：{text} 不存在。</translation>
    </message>
    <message>
        <source>Transpose one with .T, or change a shape, so that the two are equal.</source>
        <translation>请用 .T 转置其中之一，或更改形状，使两者相等。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {left} and {right} do not fit together entry by entry.</source>
        <translation>第 {line} 行第 {column} 列：{left} 与 {right} 不能逐元素运算。</translation>
    </message>
    <message>
        <source>Give both the same shape, or one a single row or column; a matrix product is written @.</source>
        <translation>请让两者形状相同，或其中之一只有一行或一列；矩阵乘积写作 @。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} multiplies a matrix by a single number.</source>
        <translation>第 {line} 行第 {column} 列：{text} 是矩阵与一个数相乘。</translation>
    </message>
    <message>
        <source>Write * for that; @ is the product of two matrices.</source>
        <translation>这种乘法请写作 *；@ 是两个矩阵的乘积。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The numbers of a matrix cannot be read.</source>
        <translation>第 {line} 行第 {column} 列：无法读取矩阵的数值。</translation>
    </message>
    <message>
        <source>Write [1, 2; 3, 4], or [[1, 2], [3, 4]].</source>
        <translation>请写作 [1, 2; 3, 4] 或 [[1, 2], [3, 4]]。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The rows of this matrix differ in length.</source>
        <translation>第 {line} 行第 {column} 列：此矩阵各行长度不同。</translation>
    </message>
    <message>
        <source>Give each row as many numbers.</source>
        <translation>请让各行的数值个数相同。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This is not a shape.</source>
        <translation>第 {line} 行第 {column} 列：这不是形状。</translation>
    </message>
    <message>
        <source>Write rows and columns, for example W: 2x3.</source>
        <translation>请写出行数和列数，例如 W: 2x3。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This matrix is too large to be followed.</source>
        <translation>第 {line} 行第 {column} 列：此矩阵太大，无法逐步演算。</translation>
    </message>
    <message>
        <source>Use at most {most} rows and columns.</source>
        <translation>行数和列数最多各为 {most}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: This is not an axis.</source>
        <translation>第 {line} 行第 {column} 列：这不是轴。</translation>
    </message>
    <message>
        <source>Write sum(A, 0) down the rows or sum(A, 1) along them; softmax and mean alike.</source>
        <translation>沿列向下求和写作 sum(A, 0)，沿行求和写作 sum(A, 1)；softmax 与 mean 同理。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is of a number that is not from −1 to 1.</source>
        <translation>第 {line} 行第 {column} 列：{text} 的自变量不在 −1 到 1 之间。</translation>
    </message>
    <message>
        <source>Change the values so that it is between −1 and 1.</source>
        <translation>请更改数值，使其在 −1 与 1 之间。</translation>
    </message>
    <message>
        <source>Read as {encoding}, since it is no UTF-8; it gives words such as {words}.</source>
        <translation>按 {encoding} 读取，因为它不是 UTF-8；读出的词如：{words}。</translation>
    </message>
    <message>
        <source>{count} lines are no part of the table (titles, units, repeated headers, totals or notes) and are left out: line {numbers}.</source>
        <translation>{count} 行不属于表格（标题、单位、重复的表头、合计或注释），已略去：第 {numbers} 行。</translation>
    </message>
    <message>
        <source>Arrays of the file that are not used: {names}.</source>
        <translation>文件中未使用的数组：{names}。</translation>
    </message>
    <message>
        <source>The file holds {count} rows for testing; they are read too, and marked by &apos;{name}&apos;.</source>
        <translation>文件中有 {count} 行测试数据；也已读入，并以“{name}”标记。</translation>
    </message>
    <message>
        <source>Read as numbers, so that zeros before them are lost; choose category for codes: {names}.</source>
        <translation>按数字读取，因此前面的零会丢失；若是编码，请选择类别：{names}。</translation>
    </message>
    <message>
        <source>Read as numbers without their unit: {names}.</source>
        <translation>已按不带单位的数字读取：{names}。</translation>
    </message>
    <message>
        <source>Not an input, since it says which rows are held out: {names}.</source>
        <translation>不作为输入，因为它说明哪些行被留出：{names}。</translation>
    </message>
    <message>
        <source>The letters may be in {first} or in {second}: {evidence}. Read as {first}; {option} reads them the other way.</source>
        <translation>文字可能是 {first} 或 {second} 编码：{evidence}。现按 {first} 读取；用 {option} 可按另一种读取。</translation>
    </message>
    <message>
        <source>Fields may be parted by &apos;{first}&apos; or by &apos;{second}&apos;. Read with &apos;{first}&apos;; {option} reads the file the other way.</source>
        <translation>字段可能以“{first}”或“{second}”分隔。现按“{first}”读取；用 {option} 可按另一种读取。</translation>
    </message>
    <message>
        <source>The first row may name the columns or be data: {evidence}. Read as {first}; {option} reads it the other way.</source>
        <translation>第一行可能是列名，也可能是数据：{evidence}。现按 {first} 读取；用 {option} 可按另一种读取。</translation>
    </message>
    <message>
        <source>In &apos;{name}&apos;, {evidence} may be {first} or {second}. Read as {first}; {option} reads it the other way.</source>
        <translation>在“{name}”中，{evidence} 可能是 {first} 或 {second}。现按 {first} 读取；用 {option} 可按另一种读取。</translation>
    </message>
    <message>
        <source>In &apos;{name}&apos;, {evidence} may stand for a missing value. Read as {first}; {option} reads it the other way.</source>
        <translation>在“{name}”中，{evidence} 可能表示缺失值。现按 {first} 读取；用 {option} 可按另一种读取。</translation>
    </message>
    <message>
        <source>Several sheets hold a table. &apos;{first}&apos; is read; {option} reads &apos;{second}&apos;.</source>
        <translation>有多个工作表含有表格。现读取“{first}”；用 {option} 可读取“{second}”。</translation>
    </message>
    <message>
        <source>The target may be &apos;{first}&apos; or &apos;{second}&apos;. &apos;{first}&apos; is taken; {option} takes the other.</source>
        <translation>目标可能是“{first}”或“{second}”。现取“{first}”；用 {option} 可取另一个。</translation>
    </message>
    <message>
        <source>it is locked by a password</source>
        <translation>它有密码保护</translation>
    </message>
    <message>
        <source>An old Word or PowerPoint file</source>
        <translation>旧版 Word 或 PowerPoint 文件</translation>
    </message>
    <message>
        <source>Skipped, since it holds text: {names}.</source>
        <translation>已跳过，因为它含有文本：{names}。</translation>
    </message>
    <message>
        <source>&apos;{taken}&apos; is taken as the target, for &apos;{name}&apos; hardly is one.</source>
        <translation>以“{taken}”为目标，因为“{name}”不大可能是目标。</translation>
    </message>
    <message>
        <source>The {count} whole numbers of the targets are taken for classes, not for amounts.</source>
        <translation>目标中的 {count} 种整数被当作类别，而不是数量。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; and &apos;{another}&apos; are written alike.</source>
        <translation>第 {line} 行第 {column} 列：“{text}”与“{another}”的写法相同。</translation>
    </message>
    <message>
        <source>Write one of them everywhere, or choose another name.</source>
        <translation>请统一使用其中一个，或改用其他名称。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; may hold text, or numbers with mistakes among them, such as {evidence}. Read as {first}; {option} reads it the other way.</source>
        <translation>“{name}”可能是文本，也可能是夹有错误（如 {evidence}）的数值。现按{first}读取；用 {option} 可按另一种方式读取。</translation>
    </message>
    <message>
        <source>missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Each row counts as one: the weights of rows, the first on line {line}, are not used.</source>
        <translation>每一行同等计入：行的权重（首见于第 {line} 行）未被使用。</translation>
    </message>
    <message>
        <source>names</source>
        <translation>列名</translation>
    </message>
    <message>
        <source>a row of data</source>
        <translation>一行数据</translation>
    </message>
    <message>
        <source>numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} is 0/0 here, which has no value.</source>
        <translation>第 {line} 行第 {column} 列：{text} 在此处为 0/0，没有值。</translation>
    </message>
    <message>
        <source>{field}: the lesson holds this as it is.</source>
        <translation>{field}：本课将此项固定不变。</translation>
    </message>
    <message>
        <source>Reach the goal with the other settings, or close the lesson.</source>
        <translation>请用其他设置达到目标，或关闭本课。</translation>
    </message>
    <message>
        <source>{package} was not installed: the network cannot be reached.</source>
        <translation>未能安装 {package}：无法连接网络。</translation>
    </message>
    <message>
        <source>Connect this computer and try again, or install it with: {command}</source>
        <translation>请联网后重试，或运行以下命令安装：{command}</translation>
    </message>
    <message>
        <source>{package} was not installed: there is neither pip nor uv here.</source>
        <translation>未能安装 {package}：这里既没有 pip，也没有 uv。</translation>
    </message>
    <message>
        <source>Install it the way you installed Backprop Lab.</source>
        <translation>请用安装 Backprop Lab 时的方式安装它。</translation>
    </message>
    <message>
        <source>{package} was not installed: {reason}.</source>
        <translation>未能安装 {package}：{reason}。</translation>
    </message>
    <message>
        <source>Try in a terminal: {command}</source>
        <translation>请在终端中试试：{command}</translation>
    </message>
    <message>
        <source>{package} was installed but does not load: {reason}.</source>
        <translation>{package} 已安装，但无法加载：{reason}。</translation>
    </message>
    <message>
        <source>Start Backprop Lab again.</source>
        <translation>请重新启动 Backprop Lab。</translation>
    </message>
    <message>
        <source>Install it with: {command}</source>
        <translation>请运行以下命令安装：{command}</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Of softmax there is no single number {text}.</source>
        <translation>第 {line} 行第 {column} 列：softmax 没有单独一个 {text}。</translation>
    </message>
    <message>
        <source>Ask for delta, or take another activation.</source>
        <translation>请改问 delta，或者换一个激活函数。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: {text} has no value here: {reason}</source>
        <translation>第 {line} 行第 {column} 列：{text} 在这里没有值：{reason}</translation>
    </message>
    <message>
        <source>Change the formula&apos;s values.</source>
        <translation>请改变公式中的值。</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not a number.</source>
        <translation>“{text}”不是数。</translation>
    </message>
    <message>
        <source>Type a number such as 0.25, -3 or 2e-5.</source>
        <translation>请输入一个数，例如 0.25、-3 或 2e-5。</translation>
    </message>
    <message>
        <source>The table has {count} columns or more; at most {limit} are read.</source>
        <translation>表格至少有 {count} 列；最多读取 {limit} 列。</translation>
    </message>
    <message>
        <source>Leave out columns; or exchange rows and columns, if each column holds one sample.</source>
        <translation>请减少列数；如果每一列是一个样本，请先将行与列互换。</translation>
    </message>
    <message>
        <source>&apos;{name}&apos; has dates that are written in several ways, such as {evidence}. Read as {first}; {option} reads it the other way.</source>
        <translation>“{name}”中的日期有几种写法，例如 {evidence}。现按{first}读取；用 {option} 可按另一种方式读取。</translation>
    </message>
    <message>
        <source>In &apos;{name}&apos;, {evidence} may be {first} or {second}, counted from 1970. Read as {first}; {option} reads it the other way.</source>
        <translation>“{name}”中的 {evidence} 可能是{first}，也可能是从 1970 年起计的时刻 {second}。现按{first}读取；用 {option} 可按另一种方式读取。</translation>
    </message>
    <message>
        <source>dates</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>不使用</translation>
    </message>
    <message>
        <source>An XML file</source>
        <translation>XML 文件</translation>
    </message>
    <message>
        <source>A web page (HTML)</source>
        <translation>网页（HTML）</translation>
    </message>
    <message>
        <source>Labels that differ in capitals or blanks alone are taken for different: {examples} in {names}.</source>
        <translation>仅大小写或空格不同的标签被当作不同的标签：{names} 中的 {examples}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The formula &apos;{text}&apos; cannot be read.</source>
        <translation>第 {line} 行第 {column} 列：无法读取公式“{text}”。</translation>
    </message>
    <message>
        <source>Mend its LaTeX; a dollar sign that is none is written \$.</source>
        <translation>请改正其中的 LaTeX；普通的美元符号写作 \$。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: Formulas have no letter &apos;{text}&apos;; it would be a box.</source>
        <translation>第 {line} 行第 {column} 列：公式中没有“{text}”这个字，它会显示为方框。</translation>
    </message>
    <message>
        <source>Write words outside of the dollar signs.</source>
        <translation>请把文字写在美元符号之外。</translation>
    </message>
    <message>
        <source>Step {step} gave {value:.4g}: first in {quantity} of {layer}, unit {unit}.</source>
        <translation>第 {step} 步得到 {value:.4g}：最先出现在{quantity}（{layer}，单元 {unit}）。</translation>
    </message>
    <message>
        <source>Step {step} gave {value:.4g} in {quantity} of {layer}, unit {unit}: finite, but so large that {consequence} is not.</source>
        <translation>第 {step} 步在{quantity}（{layer}，单元 {unit}）得到 {value:.4g}：它是有限数，但大到使{consequence}不再有限。</translation>
    </message>
    <message>
        <source>{name} drops units, but {layer} has no dropout.</source>
        <translation>{name} 丢弃了单元，但这一层没有随机失活：{layer}。</translation>
    </message>
    <message>
        <source>It must be {needed}.</source>
        <translation>必须是 {needed}。</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: &apos;{text}&apos; is no change: {reason}</source>
        <translation>第 {line} 行第 {column} 列：“{text}”不是一个修改：{reason}</translation>
    </message>
    <message>
        <source>Line {line}, column {column}: The experiment &apos;{name}&apos; is not right: {where}{reason}</source>
        <translation>第 {line} 行第 {column} 列：实验“{name}”不对：{where}{reason}</translation>
    </message>
    <message>
        <source>a whole number from {0} to {1}</source>
        <translation>{0} 到 {1} 的整数</translation>
    </message>
    <message>
        <source>one of: {0}</source>
        <translation>其中之一：{0}</translation>
    </message>
    <message>
        <source>some of: {0}</source>
        <translation>其中一些：{0}</translation>
    </message>
    <message>
        <source>any, or some of: {0}</source>
        <translation>any，或其中一些：{0}</translation>
    </message>
    <message>
        <source>a share such as 2% or a number such as 0.005</source>
        <translation>像 2% 这样的比例，或像 0.005 这样的数</translation>
    </message>
    <message>
        <source>a weight 2,3,1, a bias 2,b,1, a unit 1,2 or a layer 2</source>
        <translation>权重 2,3,1、偏置 2,b,1、单元 1,2 或层 2</translation>
    </message>
    <message>
        <source>a name of letters, digits, _ and -, a letter first</source>
        <translation>由字母、数字、_ 和 - 组成的名称，以字母开头</translation>
    </message>
    <message>
        <source>a network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>a derivation such as derivation[2,1,1]</source>
        <translation>像 derivation[2,1,1] 这样的推导</translation>
    </message>
    <message>
        <source>It changes nothing that is known.</source>
        <translation>它没有改变任何已知的东西。</translation>
    </message>
    <message>
        <source>It has no =.</source>
        <translation>缺少 =。</translation>
    </message>
    <message>
        <source>student or a whole number</source>
        <translation>student 或一个整数</translation>
    </message>
    <message>
        <source>a language such as &quot;en&quot; or &quot;zh_CN&quot;</source>
        <translation>一种语言，例如 &quot;en&quot; 或 &quot;zh_CN&quot;</translation>
    </message>
    <message>
        <source>tables such as [experiments.mazur]</source>
        <translation>像 [experiments.mazur] 这样的表</translation>
    </message>
    <message>
        <source>w, b, w[2,1,1] or b[1,2]</source>
        <translation>w、b、w[2,1,1] 或 b[1,2]</translation>
    </message>
    <message>
        <source>bounded by two numbers, low below high</source>
        <translation>由两个数限定，low 小于 high</translation>
    </message>
    <message>
        <source>a shorter text</source>
        <translation>更短的文字</translation>
    </message>
    <message>
        <source>a table of numbers for each layer</source>
        <translation>每层一个数值表</translation>
    </message>
    <message>
        <source>a list of numbers for each layer</source>
        <translation>每层一个数值列表</translation>
    </message>
    <message>
        <source>left out, for these targets are classes</source>
        <translation>去掉的，因为这些目标是类别</translation>
    </message>
    <message>
        <source>a table of settings such as learning_rate = 0.5</source>
        <translation>设置表，例如 learning_rate = 0.5</translation>
    </message>
    <message>
        <source>a table of numbers such as x = 2.0</source>
        <translation>数值表，例如 x = 2.0</translation>
    </message>
    <message>
        <source>a table of what is drawn, such as inputs</source>
        <translation>随机抽取的内容的表，例如 inputs</translation>
    </message>
    <message>
        <source>a table such as low = 0.1, high = 0.9, digits = 2</source>
        <translation>像 low = 0.1, high = 0.9, digits = 2 这样的表</translation>
    </message>
</context>
<context>
    <name>foreign</name>
    <message>
        <source>its contents are not as they should be</source>
        <translation>其内容不合规定</translation>
    </message>
    <message>
        <source>there is no such file or folder</source>
        <translation>没有这个文件或文件夹</translation>
    </message>
    <message>
        <source>it is not permitted</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>it is a folder</source>
        <translation>这是一个文件夹</translation>
    </message>
    <message>
        <source>it is not a folder</source>
        <translation>这不是文件夹</translation>
    </message>
    <message>
        <source>no space is left</source>
        <translation>空间不足</translation>
    </message>
    <message>
        <source>the disk can only be read</source>
        <translation>磁盘是只读的</translation>
    </message>
    <message>
        <source>its name is too long</source>
        <translation>文件名过长</translation>
    </message>
    <message>
        <source>the disk does not answer as it should</source>
        <translation>磁盘读写出错</translation>
    </message>
    <message>
        <source>this is not of the form name = value</source>
        <translation>这里不是“名称 = 值”的形式</translation>
    </message>
    <message>
        <source>a bracket is not closed</source>
        <translation>有括号没有闭合</translation>
    </message>
    <message>
        <source>there is more than there should be</source>
        <translation>后面有多余的内容</translation>
    </message>
    <message>
        <source>the value is not valid</source>
        <translation>值无效</translation>
    </message>
    <message>
        <source>a name is given twice</source>
        <translation>同一个名称出现了两次</translation>
    </message>
    <message>
        <source>a text has no closing quotation mark</source>
        <translation>有文本缺少右引号</translation>
    </message>
    <message>
        <source>“{0}” is missing</source>
        <translation>缺少“{0}”</translation>
    </message>
    <message>
        <source>a name in double quotation marks is missing</source>
        <translation>缺少用双引号括起来的名称</translation>
    </message>
    <message>
        <source>there is a character that cannot stand here</source>
        <translation>有不能出现在这里的字符</translation>
    </message>
    <message>
        <source>the syntax is not valid</source>
        <translation>语法无效</translation>
    </message>
    <message>
        <source>the indentation is not right</source>
        <translation>缩进有误</translation>
    </message>
    <message>
        <source>it is a file of another kind</source>
        <translation>这是另一种类型的文件</translation>
    </message>
    <message>
        <source>its checksum is wrong</source>
        <translation>校验和不符</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>文件提前结束</translation>
    </message>
    <message>
        <source>line {line}, column {column}: {reason}</source>
        <translation>第 {line} 行第 {column} 列：{reason}</translation>
    </message>
</context>
<context>
    <name>lab</name>
    <message>
        <source>Saved: {path}</source>
        <translation>已保存：{path}</translation>
    </message>
    <message>
        <source>{path} could not be written.</source>
        <translation>无法写入 {path}。</translation>
    </message>
    <message>
        <source>Choose another folder or name.</source>
        <translation>请选择其他文件夹或名称。</translation>
    </message>
</context>
<context>
    <name>lessonPage</name>
    <message>
        <source>{mistake} The first wrong quantity is {quantity}.</source>
        <translation>{mistake}第一个出错的量是 {quantity}。</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Choose</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Point at it</source>
        <translation>指出位置</translation>
    </message>
    <message>
        <source>Put in order</source>
        <translation>排序</translation>
    </message>
    <message>
        <source>Fill in</source>
        <translation>填空</translation>
    </message>
    <message>
        <source>Reach the goal</source>
        <translation>达到目标</translation>
    </message>
    <message>
        <source>Find the mistake</source>
        <translation>找出错误</translation>
    </message>
    <message>
        <source>Your number is that of a mistake: {mistake}</source>
        <translation>您的数值来自一个错误：{mistake}</translation>
    </message>
    <message>
        <source>Right.</source>
        <translation>正确。</translation>
    </message>
    <message>
        <source>{right} of {count} are right.</source>
        <translation>{count} 个中有 {right} 个正确。</translation>
    </message>
    <message>
        <source>Not this one, and none of the known mistakes gives it.</source>
        <translation>不对，已知的错误都得不出这个数。</translation>
    </message>
    <message>
        <source>Not this one.</source>
        <translation>不对。</translation>
    </message>
    <message>
        <source>The lesson&apos;s file cannot be read as it is now.</source>
        <translation>课程文件目前无法读取。</translation>
    </message>
    <message>
        <source>Below is the lesson as it was before.</source>
        <translation>下面是修改之前的内容。</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>还有 {count} 项</translation>
    </message>
    <message>
        <source>row {number} of the mini-batch</source>
        <translation>小批量的第 {number} 行</translation>
    </message>
    <message>
        <source>Held as it is: {settings}</source>
        <translation>固定不变：{settings}</translation>
    </message>
    <message>
        <source>Step {step}: more than the {within} there are.</source>
        <translation>第 {step} 步：超过了允许的 {within} 步。</translation>
    </message>
    <message>
        <source>Step {step} of {within}.</source>
        <translation>第 {step} 步，共 {within} 步。</translation>
    </message>
</context>
<context>
    <name>lessons</name>
    <message>
        <source>It is right as far as it goes: give more digits.</source>
        <translation>到目前为止是对的：请多写几位。</translation>
    </message>
    <message>
        <source>The size is right, the sign is turned round.</source>
        <translation>大小正确，但符号反了。</translation>
    </message>
    <message>
        <source>That is the value before the step.</source>
        <translation>这是这一步之前的值。</translation>
    </message>
    <message>
        <source>That is the value after the step.</source>
        <translation>这是这一步之后的值。</translation>
    </message>
    <message>
        <source>That is the number of sample {sample}.</source>
        <translation>这是样本 {sample} 的数。</translation>
    </message>
    <message>
        <source>The indices are the other way round: that is {text}.</source>
        <translation>下标颠倒了：这是 {text}。</translation>
    </message>
    <message>
        <source>That is another unit&apos;s: {text}.</source>
        <translation>这是另一个单元的数：{text}。</translation>
    </message>
    <message>
        <source>That is the gradient of the whole batch, not one sample&apos;s share.</source>
        <translation>这是整个小批量的梯度，而不是一个样本的份额。</translation>
    </message>
    <message>
        <source>That is one sample&apos;s share, not the gradient of the batch.</source>
        <translation>这是一个样本的份额，而不是小批量的梯度。</translation>
    </message>
    <message>
        <source>That is {text} alone: the inner derivative is missing.</source>
        <translation>这只是 {text}：缺少内层导数。</translation>
    </message>
    <message>
        <source>That is {text} alone: the outer derivative is missing.</source>
        <translation>这只是 {text}：缺少外层导数。</translation>
    </message>
    <message>
        <source>Along one road the factors are multiplied; here they are added.</source>
        <translation>沿一条路径，各因子应相乘；这里却是相加。</translation>
    </message>
    <message>
        <source>That is one road alone: several lead there, and they add up.</source>
        <translation>这只是一条路径：有好几条路径通向那里，应当相加。</translation>
    </message>
    <message>
        <source>That is one divided by the right number.</source>
        <translation>这是正确答案的倒数。</translation>
    </message>
    <message>
        <source>That is the value of {text}, not its derivative.</source>
        <translation>这是 {text} 的值，而不是它的导数。</translation>
    </message>
    <message>
        <source>Step {step}, worked out</source>
        <translation>第 {step} 步的演算</translation>
    </message>
    <message>
        <source>The loss of the mini-batch</source>
        <translation>小批量的损失</translation>
    </message>
    <message>
        <source>The rows and their scaling</source>
        <translation>数据行及其缩放</translation>
    </message>
    <message>
        <source>A feature is scaled, $x = (r - m) / s$, with $m$ and $s$ of the training rows:</source>
        <translation>特征经过缩放，$x = (r - m) / s$，其中 $m$ 和 $s$ 取自训练行：</translation>
    </message>
    <message>
        <source>The features are taken as they are:</source>
        <translation>特征按原样使用：</translation>
    </message>
    <message>
        <source>feature</source>
        <translation>特征</translation>
    </message>
    <message>
        <source>There are {count} rows more.</source>
        <translation>另有 {count} 行。</translation>
    </message>
    <message>
        <source>target</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Weights and biases before the step</source>
        <translation>这一步之前的权重和偏置</translation>
    </message>
    <message>
        <source>Row $i$, column $j$ of $W$ is the weight from unit $i$ to unit $j$.</source>
        <translation>$W$ 的第 $i$ 行第 $j$ 列是从单元 $i$ 到单元 $j$ 的权重。</translation>
    </message>
    <message>
        <source>Sample {sample}, forward</source>
        <translation>样本 {sample}：前向</translation>
    </message>
    <message>
        <source>Sample {sample}, backward</source>
        <translation>样本 {sample}：反向</translation>
    </message>
    <message>
        <source>The largest, ${largest}$, is taken from every $z$, which changes nothing:</source>
        <translation>从每个 $z$ 中减去最大的 ${largest}$，结果不变：</translation>
    </message>
    <message>
        <source>Gradients: the samples&apos; shares, added up</source>
        <translation>梯度：各样本份额之和</translation>
    </message>
    <message>
        <source>${name}$ is held: it stays ${value}$.</source>
        <translation>${name}$ 被固定，保持 ${value}$。</translation>
    </message>
    <message>
        <source>Name: {blank}   Date: {blank}   Numbers: no. {seed}</source>
        <translation>姓名：{blank}   日期：{blank}   数据编号：{seed}</translation>
    </message>
    <message>
        <source>**Given ({name})**</source>
        <translation>**已知（{name}）**</translation>
    </message>
    <message>
        <source>sample</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>The features are scaled, $x = (r - m) / s$, with</source>
        <translation>特征经过缩放，$x = (r - m) / s$，其中</translation>
    </message>
    <message>
        <source>Answer: {blank}</source>
        <translation>答案：{blank}</translation>
    </message>
    <message>
        <source>Number them in their order:</source>
        <translation>请按顺序编号：</translation>
    </message>
    <message>
        <source>Layer and unit: {blank}</source>
        <translation>层和单元：{blank}</translation>
    </message>
    <message>
        <source>Layer, from unit, to unit: {blank}</source>
        <translation>层、起始单元、目标单元：{blank}</translation>
    </message>
    <message>
        <source>Layer: {blank}</source>
        <translation>层：{blank}</translation>
    </message>
    <message>
        <source>Sample: {blank}</source>
        <translation>样本：{blank}</translation>
    </message>
    <message>
        <source>Upstream gradient, slope or activation: {blank}</source>
        <translation>上游梯度、斜率或激活值：{blank}</translation>
    </message>
    <message>
        <source>What I would change: {blank}{blank}{blank}</source>
        <translation>我会修改：{blank}{blank}{blank}</translation>
    </message>
    <message>
        <source>*({name}, step {step}, sample {sample})*</source>
        <translation>*（{name}，第 {step} 步，样本 {sample}）*</translation>
    </message>
    <message>
        <source>*({name}, sample {sample})*</source>
        <translation>*（{name}，样本 {sample}）*</translation>
    </message>
    <message>
        <source>*({name}, step {step})*</source>
        <translation>*（{name}，第 {step} 步）*</translation>
    </message>
    <message>
        <source>*({name})*</source>
        <translation>*（{name}）*</translation>
    </message>
    <message>
        <source>factor</source>
        <translation>因子</translation>
    </message>
    <message>
        <source>number</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>upstream gradient ∂L/∂a</source>
        <translation>上游梯度 ∂L/∂a</translation>
    </message>
    <message>
        <source>slope f′(z)</source>
        <translation>斜率 f′(z)</translation>
    </message>
    <message>
        <source>incoming activation</source>
        <translation>传入的激活值</translation>
    </message>
    <message>
        <source>the sample&apos;s share, their product</source>
        <translation>样本的份额，即它们的乘积</translation>
    </message>
    <message>
        <source>gradient of the mini-batch</source>
        <translation>小批量的梯度</translation>
    </message>
    <message>
        <source>new value after the step</source>
        <translation>这一步之后的新值</translation>
    </message>
    <message>
        <source>The first wrong number: {blank}</source>
        <translation>第一个错误的数：{blank}</translation>
    </message>
    <message>
        <source>Solution: {title}</source>
        <translation>解答：{title}</translation>
    </message>
    <message>
        <source>Numbers: no. {seed}</source>
        <translation>数据编号：{seed}</translation>
    </message>
    <message>
        <source>First wrong: {quantity}. {meaning} {why}</source>
        <translation>最先出错：{quantity}。{meaning}{why}</translation>
    </message>
    <message>
        <source>layer {0}, unit {1}</source>
        <translation>第 {0} 层单元 {1}</translation>
    </message>
    <message>
        <source>layer {0}, from unit {1} to unit {2}</source>
        <translation>第 {0} 层，从单元 {1} 到单元 {2}</translation>
    </message>
    <message>
        <source>layer {0}</source>
        <translation>第 {0} 层</translation>
    </message>
    <message>
        <source>sample {0}</source>
        <translation>样本 {0}</translation>
    </message>
    <message>
        <source>Worked out: {name}</source>
        <translation>演算：{name}</translation>
    </message>
</context>
<context>
    <name>meanings</name>
    <message>
        <source>The rows that are learned from: inputs x, and targets t.</source>
        <translation>用来学习的数据行：输入 x 和目标 t。</translation>
    </message>
    <message>
        <source>The inputs x: one unit for each feature of the data.</source>
        <translation>输入 x：数据的每个特征对应一个单元。</translation>
    </message>
    <message>
        <source>The share v of the rows that is held out: it is only looked at, never trained on.</source>
        <translation>留作验证的行所占比例 v：只用来查看，从不用于训练。</translation>
    </message>
    <message>
        <source>Which rows are held out for validation.</source>
        <translation>哪些行留作验证。</translation>
    </message>
    <message>
        <source>How each feature is scaled, by what its values are like in the training rows.</source>
        <translation>如何按训练行中的取值缩放每个特征。</translation>
    </message>
    <message>
        <source>How the target is brought to one scale, fitted on the training rows. The loss and δ are of the scaled target; what is predicted stays in its own unit.</source>
        <translation>怎样把目标缩放到同一尺度，依训练行拟合。损失和 δ 针对缩放后的目标；预测值仍以其自身的单位表示。</translation>
    </message>
    <message>
        <source>What stands in for cells without a value.</source>
        <translation>用什么代替没有值的单元格。</translation>
    </message>
    <message>
        <source>How many units the layer has; each has a weight from all before.</source>
        <translation>该层有多少个单元；每个单元与前一层的所有单元之间各有一个权重。</translation>
    </message>
    <message>
        <source>What a unit makes of its z; going back, δ is multiplied by its slope there.</source>
        <translation>单元由 z 得出什么；反向传播时，δ 要乘以它在该处的斜率。</translation>
    </message>
    <message>
        <source>The share p of the units that each step leaves out, drawn anew; the rest are scaled up.</source>
        <translation>每一步随机丢弃的单元所占比例 p，每步重新抽取；其余单元相应放大。</translation>
    </message>
    <message>
        <source>What the weights and biases are at step 0.</source>
        <translation>第 0 步的权重和偏置取什么值。</translation>
    </message>
    <message>
        <source>What one sample&apos;s outputs cost, and what training makes small.</source>
        <translation>一个样本的输出有多少损失；训练就是要让它变小。</translation>
    </message>
    <message>
        <source>How a parameter gets its new value from its gradient g.</source>
        <translation>参数如何由梯度 g 得到新值。</translation>
    </message>
    <message>
        <source>How far each step follows the gradient.</source>
        <translation>每一步沿梯度走多远。</translation>
    </message>
    <message>
        <source>How the learning rate changes over steps t or epochs e.</source>
        <translation>学习率如何随步 t 或轮次 e 变化。</translation>
    </message>
    <message>
        <source>How many samples B each step takes the gradient of.</source>
        <translation>每一步对多少个样本 B 求梯度。</translation>
    </message>
    <message>
        <source>A penalty on large weights, beside the loss; biases have none.</source>
        <translation>在损失之外加上的正则项，抑制大权重；偏置没有。</translation>
    </message>
    <message>
        <source>How gradients that are too large are cut back before the update.</source>
        <translation>更新之前如何裁剪过大的梯度。</translation>
    </message>
    <message>
        <source>What chance begins with: the same seed gives the same weights, batches and dropout.</source>
        <translation>随机数的起点：相同的种子给出相同的权重、小批量和 dropout。</translation>
    </message>
    <message>
        <source>Whether a batch&apos;s loss is the mean over its samples, or the sum.</source>
        <translation>小批量的损失是各样本的平均值还是总和。</translation>
    </message>
    <message>
        <source>Whether a bias&apos;s gradient is as a weight&apos;s, or the mean again, as some listings have it.</source>
        <translation>偏置的梯度与权重一样计算，还是像某些程序那样再取一次平均。</translation>
    </message>
    <message>
        <source>Whether δ goes back through the weights before the step, or through those just updated.</source>
        <translation>δ 是经由更新之前的权重反向传播，还是经由刚刚更新的权重。</translation>
    </message>
    <message>
        <source>How many digits are kept: ε is the step from 1 to the next number.</source>
        <translation>保留多少位数字：ε 是 1 与下一个可表示的数之间的间隔。</translation>
    </message>
    <message>
        <source>{parameter}: a number in the formula of {rule}.</source>
        <translation>{parameter}：{rule}公式中的一个数。</translation>
    </message>
</context>
<context>
    <name>mistakes</name>
    <message>
        <source>The last hidden layer receives the output itself, not its delta.</source>
        <translation>最后一个隐藏层收到的是输出本身，而不是它的 delta。</translation>
    </message>
    <message>
        <source>Two variables with alike names are mixed up.</source>
        <translation>两个名称相近的变量弄混了。</translation>
    </message>
    <message>
        <source>The last hidden layer receives the error before the output&apos;s slope.</source>
        <translation>最后一个隐藏层收到的是未乘输出斜率的误差。</translation>
    </message>
    <message>
        <source>The error is sent back by itself, and the slope only enters dW.</source>
        <translation>只把误差传了回去，斜率只用在 dW 里。</translation>
    </message>
    <message>
        <source>In every layer the error goes down before its slope is multiplied.</source>
        <translation>每一层的误差都在乘上斜率之前就传了下去。</translation>
    </message>
    <message>
        <source>A popular book computes all errors first, and the slopes afterwards.</source>
        <translation>一本流行的书先算出所有误差，之后才乘斜率。</translation>
    </message>
    <message>
        <source>Delta goes down through weights that this step has updated already.</source>
        <translation>delta 经由这一步已经更新过的权重传下去。</translation>
    </message>
    <message>
        <source>Each layer is updated as soon as its gradient is there.</source>
        <translation>每一层一有梯度就立刻更新了。</translation>
    </message>
    <message>
        <source>The weights are not transposed on the way back.</source>
        <translation>反向传播时权重没有转置。</translation>
    </message>
    <message>
        <source>A square matrix fits both ways, so that nothing complains.</source>
        <translation>方阵两种写法形状都对，所以不会报错。</translation>
    </message>
    <message>
        <source>Delta goes down through the gradient dW in place of the weights W.</source>
        <translation>delta 经由梯度 dW 而不是权重 W 传下去。</translation>
    </message>
    <message>
        <source>A letter is missing, and the shapes are the same.</source>
        <translation>多写了一个字母，而两者形状相同。</translation>
    </message>
    <message>
        <source>Delta goes down through the layer&apos;s own weights, not the next layer&apos;s.</source>
        <translation>delta 经由本层自己的权重传下去，而不是后一层的。</translation>
    </message>
    <message>
        <source>The index is off by one in the loop that goes backward.</source>
        <translation>反向循环里的下标差了一。</translation>
    </message>
    <message>
        <source>All hidden deltas have the wrong sign.</source>
        <translation>所有隐藏层的 delta 符号都反了。</translation>
    </message>
    <message>
        <source>Output and hidden layers were written by two conventions, t - a and a - t.</source>
        <translation>输出层和隐藏层用了两种约定：t - a 与 a - t。</translation>
    </message>
    <message>
        <source>Delta is divided by the batch size again at every hidden layer.</source>
        <translation>在每个隐藏层 delta 又除了一次批大小。</translation>
    </message>
    <message>
        <source>1/B stands in every layer&apos;s lines, though delta carries it down.</source>
        <translation>每层的代码里都有 1/B，而 delta 已经把它带下去了。</translation>
    </message>
    <message>
        <source>The slope is missing in all hidden layers.</source>
        <translation>所有隐藏层都缺少斜率。</translation>
    </message>
    <message>
        <source>The error is sent back, and the activation function is forgotten.</source>
        <translation>误差传回去了，激活函数却被忘了。</translation>
    </message>
    <message>
        <source>The slope is missing in the last hidden layer only.</source>
        <translation>只有最后一个隐藏层缺少斜率。</translation>
    </message>
    <message>
        <source>The first step of the loop is written apart, without the slope.</source>
        <translation>循环的第一步单独写出，没有乘斜率。</translation>
    </message>
    <message>
        <source>The slope is missing in the first hidden layer only.</source>
        <translation>只有第一个隐藏层缺少斜率。</translation>
    </message>
    <message>
        <source>The last step of the loop is written apart, without the slope.</source>
        <translation>循环的最后一步单独写出，没有乘斜率。</translation>
    </message>
    <message>
        <source>The slope is taken at a, which has been through the function, not at z.</source>
        <translation>斜率取在已经过激活函数的 a 处，而不是 z 处。</translation>
    </message>
    <message>
        <source>The derivative&apos;s function applies sigmoid itself, and is handed a.</source>
        <translation>求导的函数自己会算 sigmoid，传给它的却是 a。</translation>
    </message>
    <message>
        <source>The slope&apos;s formula in a is fed with z.</source>
        <translation>用 a 表示的斜率公式里代入了 z。</translation>
    </message>
    <message>
        <source>The derivative&apos;s function expects a, and is handed z.</source>
        <translation>求导的函数要的是 a，传给它的却是 z。</translation>
    </message>
    <message>
        <source>The slope of tanh is written 1 - a, without the square.</source>
        <translation>tanh 的斜率写成了 1 - a，少了平方。</translation>
    </message>
    <message>
        <source>The formula was remembered half, or a ** 2 was lost in typing.</source>
        <translation>公式只记得一半，或输入时漏了 ** 2。</translation>
    </message>
    <message>
        <source>All hidden layers have sigmoid&apos;s slope, whatever their function is.</source>
        <translation>所有隐藏层都用 sigmoid 的斜率，不管它们是什么函数。</translation>
    </message>
    <message>
        <source>The activation function was changed, and its derivative was not.</source>
        <translation>换了激活函数，却没有换它的导数。</translation>
    </message>
    <message>
        <source>ReLU&apos;s mask is taken from the sign of the gradient, not from z.</source>
        <translation>ReLU 的掩码取自梯度的符号，而不是取自 z。</translation>
    </message>
    <message>
        <source>The line looks at the array that it is about to change.</source>
        <translation>这行代码看的正是它要修改的数组。</translation>
    </message>
    <message>
        <source>ReLU itself is multiplied in place of its slope of 0 or 1.</source>
        <translation>乘的是 ReLU 本身，而不是它为 0 或 1 的斜率。</translation>
    </message>
    <message>
        <source>The function is called where its derivative is meant.</source>
        <translation>本该用导数的地方调用了函数本身。</translation>
    </message>
    <message>
        <source>Leaky ReLU&apos;s slope is 0 below 0, as if it did not leak.</source>
        <translation>带泄漏 ReLU 在 0 以下的斜率取了 0，好像没有泄漏一样。</translation>
    </message>
    <message>
        <source>The forward pass was changed from ReLU, the derivative was not.</source>
        <translation>前向传播从 ReLU 改过来了，导数没有改。</translation>
    </message>
    <message>
        <source>The slope is computed from the numbers of the layer above.</source>
        <translation>斜率用了后一层的数来算。</translation>
    </message>
    <message>
        <source>The index of the list of activations is off by one.</source>
        <translation>激活值列表的下标差了一。</translation>
    </message>
    <message>
        <source>The slope is computed from the numbers of the layer below.</source>
        <translation>斜率用了前一层的数来算。</translation>
    </message>
    <message>
        <source>The list of activations has the inputs in front, that of z has not.</source>
        <translation>激活值列表的开头是输入，z 的列表却没有。</translation>
    </message>
    <message>
        <source>The slope of the output&apos;s activation function is missing.</source>
        <translation>缺少输出层激活函数的斜率。</translation>
    </message>
    <message>
        <source>With cross-entropy delta is a - t; with a squared error it is not.</source>
        <translation>用交叉熵时 delta 是 a - t，用平方误差时则不是。</translation>
    </message>
    <message>
        <source>A slope is multiplied that the loss has cancelled already.</source>
        <translation>多乘了一个已与损失相消的斜率。</translation>
    </message>
    <message>
        <source>It belongs to the squared error; cross-entropy needs a - t alone.</source>
        <translation>它属于平方误差；交叉熵只需要 a - t。</translation>
    </message>
    <message>
        <source>The slope is computed from the error, not from the output.</source>
        <translation>斜率是用误差算的，而不是用输出。</translation>
    </message>
    <message>
        <source>The derivative&apos;s function is called with the wrong variable.</source>
        <translation>求导的函数用错了变量。</translation>
    </message>
    <message>
        <source>Delta is the slope&apos;s formula of the error, not error times slope.</source>
        <translation>delta 成了以误差代入的斜率公式，而不是误差乘斜率。</translation>
    </message>
    <message>
        <source>The error is passed through the derivative instead of multiplied by it.</source>
        <translation>误差被代入了导数，而没有与导数相乘。</translation>
    </message>
    <message>
        <source>The loss is sent back in place of its derivative: the error squared.</source>
        <translation>传回去的是损失而不是它的导数，即误差的平方。</translation>
    </message>
    <message>
        <source>What one measures, the squared error, is taken for what one differentiates.</source>
        <translation>把用来衡量的平方误差当成了它的导数。</translation>
    </message>
    <message>
        <source>The derivative by a is taken for that by z: the slope is not multiplied.</source>
        <translation>把对 a 的导数当成了对 z 的导数：没有乘斜率。</translation>
    </message>
    <message>
        <source>The loss was differentiated by the output, and the chain ends there.</source>
        <translation>损失只对输出求了导，链式法则到此为止。</translation>
    </message>
    <message>
        <source>Only the diagonal of softmax&apos;s Jacobian is used.</source>
        <translation>只用了 softmax 雅可比矩阵的对角线。</translation>
    </message>
    <message>
        <source>Softmax is treated like sigmoid, though each output hangs on every z.</source>
        <translation>把 softmax 当作 sigmoid 处理，而它的每个输出都与所有 z 有关。</translation>
    </message>
    <message>
        <source>A clipped probability lets no gradient through.</source>
        <translation>被截断的概率不让梯度通过。</translation>
    </message>
    <message>
        <source>Clipping saves the logarithm from 0 and cuts the chain rule where it bites.</source>
        <translation>截断使对数避开 0，却在起作用的地方切断了链式法则。</translation>
    </message>
    <message>
        <source>The gradient is not divided by the batch size.</source>
        <translation>梯度没有除以批大小。</translation>
    </message>
    <message>
        <source>The formula of one sample is used with a matrix, which sums unasked.</source>
        <translation>把单个样本的公式用在矩阵上，矩阵乘法不知不觉做了求和。</translation>
    </message>
    <message>
        <source>The gradient is averaged over the batch, where the loss is a sum.</source>
        <translation>损失是总和，梯度却在批上取了平均。</translation>
    </message>
    <message>
        <source>A mean is the habit; here the loss was chosen as a sum.</source>
        <translation>习惯取平均；这里的损失选的是总和。</translation>
    </message>
    <message>
        <source>The gradient is divided by the batch size once too often.</source>
        <translation>梯度多除了一次批大小。</translation>
    </message>
    <message>
        <source>The mean is in delta already, and comes once more with dW.</source>
        <translation>delta 里已取了平均，算 dW 时又取了一次。</translation>
    </message>
    <message>
        <source>The gradient is divided by the number of inputs, not of samples.</source>
        <translation>梯度除以了输入的个数，而不是样本数。</translation>
    </message>
    <message>
        <source>The wrong axis of X is taken for the batch.</source>
        <translation>把 X 的另一个轴当成了批。</translation>
    </message>
    <message>
        <source>Every delta is twice as large as it should be.</source>
        <translation>每个 delta 都是应有值的两倍。</translation>
    </message>
    <message>
        <source>The square&apos;s 2 is kept though the half has cancelled it, or counted twice.</source>
        <translation>平方带来的 2 已被二分之一消去却仍保留，或算了两次。</translation>
    </message>
    <message>
        <source>Every delta is half as large as it should be.</source>
        <translation>每个 delta 都只有应有值的一半。</translation>
    </message>
    <message>
        <source>The loss has a half that the derivative keeps, or the square&apos;s 2 is lost.</source>
        <translation>损失的二分之一在导数里被保留，或平方带来的 2 丢了。</translation>
    </message>
    <message>
        <source>Every delta is divided by the number of outputs too.</source>
        <translation>每个 delta 还除以了输出的个数。</translation>
    </message>
    <message>
        <source>A mean over all entries averages samples and outputs at once.</source>
        <translation>对所有元素取平均，把样本和输出一起平均了。</translation>
    </message>
    <message>
        <source>The mean over the outputs is left out of the gradient.</source>
        <translation>梯度里没有在输出上取平均。</translation>
    </message>
    <message>
        <source>The loss is averaged over the outputs, its derivative was learnt as a sum.</source>
        <translation>损失在输出上取平均，而学到的导数是求和的。</translation>
    </message>
    <message>
        <source>The error is t - a, and the update is still subtracted: it climbs.</source>
        <translation>误差写成 t - a，却仍减去更新量：损失会上升。</translation>
    </message>
    <message>
        <source>Some books write t - a and add the update; here two books are mixed.</source>
        <translation>有些书写 t - a 并加上更新量；这里混用了两本书的写法。</translation>
    </message>
    <message>
        <source>Delta is kept in an array of integers, which cuts it towards 0.</source>
        <translation>delta 存放在整数数组里，向 0 取整了。</translation>
    </message>
    <message>
        <source>The array was made of integers, or like the labels, and cuts silently.</source>
        <translation>数组由整数建立，或仿照标签建立，会悄悄取整。</translation>
    </message>
    <message>
        <source>Each row is compared with the target of the row before it.</source>
        <translation>每一行都与前一行的目标作比较。</translation>
    </message>
    <message>
        <source>Inputs and targets were read, sorted or shuffled apart.</source>
        <translation>输入和目标分别读取、排序或打乱了。</translation>
    </message>
    <message>
        <source>Classes are counted from 1 where they are counted from 0.</source>
        <translation>类别应从 0 数起，却从 1 数起。</translation>
    </message>
    <message>
        <source>The data number their classes from 1, the array its columns from 0.</source>
        <translation>数据的类别从 1 编号，数组的列从 0 编号。</translation>
    </message>
    <message>
        <source>Every sample is compared with every target, not only with its own.</source>
        <translation>每个样本与所有目标比较，而不只是与自己的目标。</translation>
    </message>
    <message>
        <source>A column (B, 1) minus a vector (B,) becomes a B x B matrix unasked.</source>
        <translation>(B, 1) 的列减去 (B,) 的向量，不知不觉成了 B x B 的矩阵。</translation>
    </message>
    <message>
        <source>The biases are left out of the forward pass.</source>
        <translation>前向传播里漏了偏置。</translation>
    </message>
    <message>
        <source>Biases were added to the network later, and not to this line.</source>
        <translation>偏置是后来加进网络的，这一行却没有加。</translation>
    </message>
    <message>
        <source>The weights are transposed in the forward pass.</source>
        <translation>前向传播里权重被转置了。</translation>
    </message>
    <message>
        <source>Books differ in W or its transpose, and a square one fits both ways.</source>
        <translation>各书用 W 或其转置不一，而方阵两种写法形状都对。</translation>
    </message>
    <message>
        <source>The output layer has no activation function.</source>
        <translation>输出层没有激活函数。</translation>
    </message>
    <message>
        <source>The loop over the layers treats the last one apart.</source>
        <translation>逐层循环把最后一层另外处理了。</translation>
    </message>
    <message>
        <source>The output layer has the hidden layers&apos; activation function.</source>
        <translation>输出层用了隐藏层的激活函数。</translation>
    </message>
    <message>
        <source>One function is used in the loop over all layers.</source>
        <translation>逐层循环里所有层用了同一个函数。</translation>
    </message>
    <message>
        <source>The output&apos;s activation function is applied twice.</source>
        <translation>输出层的激活函数用了两次。</translation>
    </message>
    <message>
        <source>A loss that takes logits gets outputs that are probabilities already.</source>
        <translation>损失要的是 logits，给它的输出却已经是概率。</translation>
    </message>
    <message>
        <source>The output&apos;s activation function is applied twice, and differentiated twice.</source>
        <translation>输出层的激活函数用了两次，也求了两次导。</translation>
    </message>
    <message>
        <source>A loss that takes logits is fed with probabilities, under autograd.</source>
        <translation>在自动求导下，给要 logits 的损失传入了概率。</translation>
    </message>
    <message>
        <source>Softmax is divided by one sum over all samples and units.</source>
        <translation>softmax 除以了所有样本和单元的一个总和。</translation>
    </message>
    <message>
        <source>A sum without an axis is right for one sample and wrong for a batch.</source>
        <translation>不指定轴的求和对单个样本是对的，对一批则不对。</translation>
    </message>
    <message>
        <source>Softmax is divided by the sum over the samples, not over the units.</source>
        <translation>softmax 除以的是样本上的和，而不是单元上的和。</translation>
    </message>
    <message>
        <source>The axis belongs to code that has its samples in columns.</source>
        <translation>这个轴属于样本按列排列的代码。</translation>
    </message>
    <message>
        <source>The loss is summed over the batch, not averaged; the gradient is right.</source>
        <translation>损失在批上求了和而没有取平均；梯度是对的。</translation>
    </message>
    <message>
        <source>The mean was put into the gradient alone.</source>
        <translation>只在梯度里取了平均。</translation>
    </message>
    <message>
        <source>The loss is averaged over the batch, not summed; the gradient is right.</source>
        <translation>损失在批上取了平均而不是求和；梯度是对的。</translation>
    </message>
    <message>
        <source>A mean is the habit, and the gradient was derived from the sum.</source>
        <translation>习惯取平均，而梯度是由总和推出的。</translation>
    </message>
    <message>
        <source>The loss lacks the half in front of the square.</source>
        <translation>损失少了平方前的二分之一。</translation>
    </message>
    <message>
        <source>The half matters to the gradient alone, so that the loss is left as it is.</source>
        <translation>以为二分之一只与梯度有关，损失就没有改。</translation>
    </message>
    <message>
        <source>The loss is summed over the outputs, not averaged; the gradient is right.</source>
        <translation>损失在输出上求了和而没有取平均；梯度是对的。</translation>
    </message>
    <message>
        <source>With one output, where it was tried, sum and mean are the same.</source>
        <translation>试的时候只有一个输出，求和与平均相同。</translation>
    </message>
    <message>
        <source>The loss is averaged over the outputs too; the gradient is right.</source>
        <translation>损失还在输出上取了平均；梯度是对的。</translation>
    </message>
    <message>
        <source>A mean without an axis divides by samples and outputs at once.</source>
        <translation>不指定轴的平均同时除以了样本数和输出数。</translation>
    </message>
    <message>
        <source>The loss takes the logarithm to base 10 for the natural one.</source>
        <translation>损失用了以 10 为底的对数，而不是自然对数。</translation>
    </message>
    <message>
        <source>On a calculator, and in many books, log is the logarithm to base 10.</source>
        <translation>在计算器和许多书里，log 指以 10 为底的对数。</translation>
    </message>
    <message>
        <source>The loss takes the logarithm to base 2 for the natural one.</source>
        <translation>损失用了以 2 为底的对数，而不是自然对数。</translation>
    </message>
    <message>
        <source>Entropy in bits has base 2; the derivative 1/a belongs to base e.</source>
        <translation>以比特计的熵以 2 为底；导数 1/a 属于底数 e。</translation>
    </message>
    <message>
        <source>The minus sign in front of the logarithms is missing in the loss.</source>
        <translation>损失里对数前的负号漏了。</translation>
    </message>
    <message>
        <source>The likelihood is maximized, its negative minimized; one sign got lost.</source>
        <translation>似然要最大化，其相反数要最小化；丢了一个符号。</translation>
    </message>
    <message>
        <source>Delta goes down without the dropout mask.</source>
        <translation>delta 传下去时没有乘随机失活掩码。</translation>
    </message>
    <message>
        <source>Dropout was added to the forward pass and forgotten in the backward pass.</source>
        <translation>前向传播里加了随机失活，反向传播里忘了。</translation>
    </message>
    <message>
        <source>Units are dropped, and the others are not divided by 1 - p.</source>
        <translation>丢弃了一些单元，其余的却没有除以 1 - p。</translation>
    </message>
    <message>
        <source>The first paper scales at prediction; libraries scale while training.</source>
        <translation>最早的论文在预测时缩放，各种库则在训练时缩放。</translation>
    </message>
    <message>
        <source>The division by 1 - p is made forward, and left out backward.</source>
        <translation>前向除以了 1 - p，反向却没有。</translation>
    </message>
    <message>
        <source>The mask is kept as zeros and ones, and the scale is not kept with it.</source>
        <translation>保存的掩码只有 0 和 1，没有保存缩放。</translation>
    </message>
    <message>
        <source>Kept units are divided by p, the share dropped, for 1 - p.</source>
        <translation>保留的单元除以了丢弃比例 p，而不是 1 - p。</translation>
    </message>
    <message>
        <source>In some books p is the share kept, in others the share dropped.</source>
        <translation>有些书里 p 是保留的比例，有些书里是丢弃的比例。</translation>
    </message>
    <message>
        <source>Only the last sample counts: each sample overwrites the one before.</source>
        <translation>只有最后一个样本算数：每个样本都覆盖了前一个。</translation>
    </message>
    <message>
        <source>In the loop over the samples stands = for +=.</source>
        <translation>在样本循环里把 += 写成了 =。</translation>
    </message>
    <message>
        <source>Only the first sample counts.</source>
        <translation>只有第一个样本算数。</translation>
    </message>
    <message>
        <source>The loop is left too early, for instance by a return inside of it.</source>
        <translation>循环过早结束，例如其中有 return。</translation>
    </message>
    <message>
        <source>The gradient of the weights is transposed.</source>
        <translation>权重的梯度被转置了。</translation>
    </message>
    <message>
        <source>dW uses the layer&apos;s own activations, not those of the layer below.</source>
        <translation>dW 用了本层的激活值，而不是前一层的。</translation>
    </message>
    <message>
        <source>dW uses z of the layer below, before its activation function.</source>
        <translation>dW 用了前一层的 z，即激活函数之前的值。</translation>
    </message>
    <message>
        <source>The wrong one of the two lists is used: z for a.</source>
        <translation>两个列表用错了：用了 z 而不是 a。</translation>
    </message>
    <message>
        <source>dW uses the network&apos;s inputs in every layer.</source>
        <translation>每一层的 dW 都用了网络的输入。</translation>
    </message>
    <message>
        <source>The lines of the first layer were copied for the others.</source>
        <translation>其他层的代码是从第一层复制来的。</translation>
    </message>
    <message>
        <source>dW of the hidden layers uses delta of the layer above.</source>
        <translation>隐藏层的 dW 用了后一层的 delta。</translation>
    </message>
    <message>
        <source>The variable delta is updated only after dW has used it.</source>
        <translation>变量 delta 在算完 dW 之后才更新。</translation>
    </message>
    <message>
        <source>dW is a product element by element, not a product of matrices.</source>
        <translation>dW 是逐元素的乘积，而不是矩阵乘积。</translation>
    </message>
    <message>
        <source>* and @ were mixed up, and all arrays happen to be of one size.</source>
        <translation>把 * 和 @ 弄混了，而所有数组恰好大小相同。</translation>
    </message>
    <message>
        <source>Biases are summed over the batch, while weights are averaged.</source>
        <translation>偏置在批上求和，权重却取平均。</translation>
    </message>
    <message>
        <source>The division by the batch size stands in the line of dW alone.</source>
        <translation>只在 dW 那一行除以了批大小。</translation>
    </message>
    <message>
        <source>Biases are averaged over the batch, while weights are summed.</source>
        <translation>偏置在批上取平均，权重却求和。</translation>
    </message>
    <message>
        <source>np.mean looks natural for biases, and the product of matrices sums.</source>
        <translation>对偏置用 np.mean 看起来很自然，而矩阵乘积是求和。</translation>
    </message>
    <message>
        <source>The gradient of the biases is 0.</source>
        <translation>偏置的梯度是 0。</translation>
    </message>
    <message>
        <source>It was set to zeros at the start and never filled.</source>
        <translation>开始时设为零，之后从未填入。</translation>
    </message>
    <message>
        <source>db is summed over the units, not over the samples.</source>
        <translation>db 在单元上求和，而不是在样本上。</translation>
    </message>
    <message>
        <source>db is summed over samples and units: all units get the same number.</source>
        <translation>db 在样本和单元上都求了和：所有单元得到同一个数。</translation>
    </message>
    <message>
        <source>np.sum has no axis here, and adds up everything.</source>
        <translation>这里的 np.sum 没有指定轴，把所有数都加了起来。</translation>
    </message>
    <message>
        <source>db is the last sample&apos;s delta alone, while dW is right.</source>
        <translation>db 只是最后一个样本的 delta，而 dW 是对的。</translation>
    </message>
    <message>
        <source>In the loop over the samples db is assigned with = for +=.</source>
        <translation>在样本循环里 db 用了 = 而不是 +=。</translation>
    </message>
    <message>
        <source>The penalty&apos;s term is left out of the update.</source>
        <translation>更新里漏了正则项。</translation>
    </message>
    <message>
        <source>The penalty was added to the loss, and not to the gradient.</source>
        <translation>正则项加到了损失上，没有加到梯度上。</translation>
    </message>
    <message>
        <source>The penalty is put on the biases too.</source>
        <translation>对偏置也用了正则项。</translation>
    </message>
    <message>
        <source>One loop over all parameters does not tell weights from biases.</source>
        <translation>一个循环处理所有参数，不区分权重和偏置。</translation>
    </message>
    <message>
        <source>The penalty&apos;s term is twice as large as it should be.</source>
        <translation>正则项是应有值的两倍。</translation>
    </message>
    <message>
        <source>With lambda W^2 the derivative has a 2; here the penalty has a half.</source>
        <translation>lambda W^2 的导数带有 2；这里的正则项带有二分之一。</translation>
    </message>
    <message>
        <source>The penalty&apos;s term is divided by the batch size.</source>
        <translation>正则项除以了批大小。</translation>
    </message>
    <message>
        <source>Some courses average the penalty with the loss; here it stands beside it.</source>
        <translation>有些课程把正则项与损失一起平均；这里它单独列在损失之外。</translation>
    </message>
    <message>
        <source>The penalty&apos;s term is subtracted from the gradient: weights grow.</source>
        <translation>从梯度里减去了正则项：权重会增大。</translation>
    </message>
    <message>
        <source>The minus of the update was put into the gradient, for this term alone.</source>
        <translation>只对这一项，把更新的负号写进了梯度。</translation>
    </message>
    <message>
        <source>Weights decay beside Adam&apos;s direction (AdamW), not through it.</source>
        <translation>权重在 Adam 的方向之外衰减（AdamW），而不是经由它。</translation>
    </message>
    <message>
        <source>With plain gradient descent the two are the same; with Adam they are not.</source>
        <translation>用普通梯度下降时两者相同，用 Adam 时则不同。</translation>
    </message>
    <message>
        <source>The term of the L1 penalty is left out of the update.</source>
        <translation>更新里漏了 L1 正则项。</translation>
    </message>
    <message>
        <source>The L1 penalty has the gradient of L2: W in place of its sign.</source>
        <translation>L1 正则项用了 L2 的梯度：用了 W 而不是它的符号。</translation>
    </message>
    <message>
        <source>The penalty was changed, its derivative was not.</source>
        <translation>换了正则项，没有换它的导数。</translation>
    </message>
    <message>
        <source>The L1 penalty is put on the biases too.</source>
        <translation>对偏置也用了 L1 正则项。</translation>
    </message>
    <message>
        <source>targets</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>error of the output</source>
        <translation>输出的误差</translation>
    </message>
    <message>
        <source>pre-activation</source>
        <translation>预激活值</translation>
    </message>
    <message>
        <source>output function</source>
        <translation>输出函数</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>delta of the output</source>
        <translation>输出的 delta</translation>
    </message>
    <message>
        <source>factor of the batch</source>
        <translation>批的因子</translation>
    </message>
    <message>
        <source>constant factor</source>
        <translation>常数因子</translation>
    </message>
    <message>
        <source>sign of the error</source>
        <translation>误差的符号</translation>
    </message>
    <message>
        <source>storage of delta</source>
        <translation>delta 的存放</translation>
    </message>
    <message>
        <source>error that is sent back</source>
        <translation>传回的误差</translation>
    </message>
    <message>
        <source>weights on the way back</source>
        <translation>反向经过的权重</translation>
    </message>
    <message>
        <source>sign of the hidden deltas</source>
        <translation>隐藏层 delta 的符号</translation>
    </message>
    <message>
        <source>factor of the hidden deltas</source>
        <translation>隐藏层 delta 的因子</translation>
    </message>
    <message>
        <source>slope of the activation function</source>
        <translation>激活函数的斜率</translation>
    </message>
    <message>
        <source>samples that count</source>
        <translation>算数的样本</translation>
    </message>
    <message>
        <source>gradient of the weights</source>
        <translation>权重的梯度</translation>
    </message>
    <message>
        <source>gradient of the biases</source>
        <translation>偏置的梯度</translation>
    </message>
    <message>
        <source>penalty</source>
        <translation>正则项</translation>
    </message>
    <message>
        <source>update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>order of the samples</source>
        <translation>样本的顺序</translation>
    </message>
    <message>
        <source>dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>The update is added, not subtracted: it climbs.</source>
        <translation>更新量是加上的而不是减去的：损失会上升。</translation>
    </message>
    <message>
        <source>With t - a the update is added; here the error is a - t.</source>
        <translation>用 t - a 时加上更新量；这里的误差是 a - t。</translation>
    </message>
    <message>
        <source>The learning rate is multiplied twice.</source>
        <translation>学习率乘了两次。</translation>
    </message>
    <message>
        <source>It is in the gradient already, and comes once more in the update.</source>
        <translation>梯度里已经有了，更新时又乘了一次。</translation>
    </message>
    <message>
        <source>The learning rate is left out.</source>
        <translation>漏了学习率。</translation>
    </message>
    <message>
        <source>A first program works without one, as if it were 1.</source>
        <translation>最初的程序没有学习率也能运行，相当于 1。</translation>
    </message>
    <message>
        <source>The update is divided by the batch size once more.</source>
        <translation>更新量又除了一次批大小。</translation>
    </message>
    <message>
        <source>Some books write eta / B in the update, with a gradient that is summed.</source>
        <translation>有些书的更新里写 eta / B，那里的梯度是求和的。</translation>
    </message>
    <message>
        <source>Weights and biases are the same after the step as before it.</source>
        <translation>这一步之后权重和偏置与之前相同。</translation>
    </message>
    <message>
        <source>A copy was updated, or W = W - eta * dW made an array that is not stored.</source>
        <translation>更新的是副本，或 W = W - eta * dW 建了新数组却没有存回。</translation>
    </message>
    <message>
        <source>The biases are never updated, though their gradient is right.</source>
        <translation>偏置从未更新，尽管它们的梯度是对的。</translation>
    </message>
    <message>
        <source>The line for the biases was forgotten.</source>
        <translation>忘了写偏置的那一行。</translation>
    </message>
    <message>
        <source>Only the output layer is updated.</source>
        <translation>只更新了输出层。</translation>
    </message>
    <message>
        <source>The loop over the layers ends too early.</source>
        <translation>逐层的循环过早结束。</translation>
    </message>
    <message>
        <source>Parameters are kept in arrays of integers, which cut them towards 0.</source>
        <translation>参数存放在整数数组里，向 0 取整了。</translation>
    </message>
    <message>
        <source>The array was made from integers such as [0, 1], and cuts silently.</source>
        <translation>数组由 [0, 1] 这样的整数建立，会悄悄取整。</translation>
    </message>
    <message>
        <source>The gradient enters the velocity with the factor 1 - mu.</source>
        <translation>梯度进入速度时乘了因子 1 - mu。</translation>
    </message>
    <message>
        <source>That is a running mean, as in Adam; momentum here is a running sum.</source>
        <translation>那是 Adam 那样的滑动平均；这里的动量是累加和。</translation>
    </message>
    <message>
        <source>Nesterov&apos;s update for plain momentum, or plain for Nesterov&apos;s.</source>
        <translation>把普通动量写成了 Nesterov 的更新，或反过来。</translation>
    </message>
    <message>
        <source>The two differ in one line, and books write them in many forms.</source>
        <translation>两者只差一行，而各书的写法不一。</translation>
    </message>
    <message>
        <source>The update uses the velocity of the step before.</source>
        <translation>更新用了上一步的速度。</translation>
    </message>
    <message>
        <source>The parameters are updated before the velocity is.</source>
        <translation>参数先于速度更新了。</translation>
    </message>
    <message>
        <source>Adam&apos;s m and v are used without their correction for the start.</source>
        <translation>用 Adam 的 m 和 v 时没有做起始修正。</translation>
    </message>
    <message>
        <source>The two lines with 1 - beta^t look like a refinement, and are left out.</source>
        <translation>含 1 - beta^t 的两行看起来可有可无，就省掉了。</translation>
    </message>
    <message>
        <source>Adam&apos;s epsilon is added inside the root.</source>
        <translation>Adam 的 epsilon 加在了根号里面。</translation>
    </message>
    <message>
        <source>Other optimizers have it inside, and some libraries do.</source>
        <translation>别的优化器和某些库把它放在里面。</translation>
    </message>
    <message>
        <source>Adam&apos;s t is 0 at the first step: it divides by 0.</source>
        <translation>Adam 的 t 在第一步是 0：除以了 0。</translation>
    </message>
    <message>
        <source>The loop counts from 0, Adam counts from 1.</source>
        <translation>循环从 0 数起，Adam 从 1 数起。</translation>
    </message>
    <message>
        <source>Adam&apos;s t counts arrays of parameters, not steps.</source>
        <translation>Adam 的 t 数的是参数数组，而不是步数。</translation>
    </message>
    <message>
        <source>t += 1 stands inside the loop over the parameters.</source>
        <translation>t += 1 写在了参数循环里面。</translation>
    </message>
    <message>
        <source>Adam divides by v, not by its root.</source>
        <translation>Adam 除以的是 v，而不是它的平方根。</translation>
    </message>
    <message>
        <source>The root was forgotten.</source>
        <translation>忘了开方。</translation>
    </message>
    <message>
        <source>AdaGrad divides by the sum of squares, not by its root.</source>
        <translation>AdaGrad 除以的是平方和，而不是它的平方根。</translation>
    </message>
    <message>
        <source>RMSProp divides by the mean square, not by its root.</source>
        <translation>RMSProp 除以的是均方，而不是它的平方根。</translation>
    </message>
    <message>
        <source>RMSProp&apos;s epsilon is added inside the root.</source>
        <translation>RMSProp 的 epsilon 加在了根号里面。</translation>
    </message>
    <message>
        <source>Libraries differ in this; here it stands outside, as in PyTorch.</source>
        <translation>各种库在此不一；这里与 PyTorch 一样放在根号外面。</translation>
    </message>
    <message>
        <source>Parameters are updated after every sample, not once for the batch.</source>
        <translation>参数在每个样本之后都更新，而不是每批一次。</translation>
    </message>
    <message>
        <source>The update stands inside the loop over the samples.</source>
        <translation>更新写在了样本循环里面。</translation>
    </message>
    <message>
        <source>Gradients of earlier samples are still in the sum at every update.</source>
        <translation>每次更新时，前面样本的梯度仍在累加和里。</translation>
    </message>
    <message>
        <source>zero_grad() is missing, so that gradients pile up.</source>
        <translation>缺少 zero_grad()，梯度越积越多。</translation>
    </message>
    <message>
        <source>It has the shape {found}, and should have {expected}.</source>
        <translation>它的形状是 {found}，应为 {expected}。</translation>
    </message>
    <message>
        <source>It is {found} at {place}, where {expected} is right.</source>
        <translation>它在 {place} 处是 {found}，正确值是 {expected}。</translation>
    </message>
    <message>
        <source>It is 0 everywhere.</source>
        <translation>它处处为 0。</translation>
    </message>
    <message>
        <source>It is the right value with the wrong sign, everywhere.</source>
        <translation>它处处是正确值的相反数。</translation>
    </message>
    <message>
        <source>It is {ratio} times the right value everywhere.</source>
        <translation>它处处是正确值的 {ratio} 倍。</translation>
    </message>
    <message>
        <source>It is {ratio} times the right value everywhere, and {ratio} is {symbol}.</source>
        <translation>它处处是正确值的 {ratio} 倍，而 {ratio} 就是 {symbol}。</translation>
    </message>
    <message>
        <source>It is as it was before the step.</source>
        <translation>它与这一步之前一样。</translation>
    </message>
    <message>
        <source>Its change in this step is {ratio} times the right one, everywhere.</source>
        <translation>它在这一步的变化量处处是正确变化量的 {ratio} 倍。</translation>
    </message>
    <message>
        <source>Its change in this step is {ratio} times the right one, everywhere: as with a learning rate of {rate} in place of {right}.</source>
        <translation>它在这一步的变化量处处是正确变化量的 {ratio} 倍：如同学习率是 {rate} 而不是 {right}。</translation>
    </message>
    <message>
        <source>It is the right array, transposed.</source>
        <translation>它是正确数组的转置。</translation>
    </message>
    <message>
        <source>Each unit has its own factor: {ratios} times the right value.</source>
        <translation>每个单元各有一个倍数：分别是正确值的 {ratios} 倍。</translation>
    </message>
    <message>
        <source>Each sample has its own factor: {ratios} times the right value.</source>
        <translation>每个样本各有一个倍数：分别是正确值的 {ratios} 倍。</translation>
    </message>
    <message>
        <source>Each unit below has its own factor: {ratios} times the right value.</source>
        <translation>前一层的每个单元各有一个倍数：分别是正确值的 {ratios} 倍。</translation>
    </message>
    <message>
        <source>It is the right value plus {offset}, everywhere.</source>
        <translation>它处处是正确值加 {offset}。</translation>
    </message>
    <message>
        <source>Only some of its numbers are wrong: {places}.</source>
        <translation>只有部分数是错的：{places}。</translation>
    </message>
    <message>
        <source>It is off most at {place}: {found}, where {expected} is right.</source>
        <translation>偏差最大处是 {place}：{found}，正确值是 {expected}。</translation>
    </message>
    <message>
        <source>The batch has one row: sum and mean are the same.</source>
        <translation>这一批只有一行：求和与平均相同。</translation>
    </message>
    <message>
        <source>All outputs are as their targets: every gradient is 0.</source>
        <translation>所有输出都等于目标：每个梯度都是 0。</translation>
    </message>
    <message>
        <source>All rows of the batch are the same.</source>
        <translation>这一批的各行都相同。</translation>
    </message>
    <message>
        <source>An input is 0 in every row: nothing learns from it.</source>
        <translation>有一个输入在每一行都是 0：从它学不到东西。</translation>
    </message>
    <message>
        <source>All biases are 0: one left out makes no difference.</source>
        <translation>所有偏置都是 0：漏掉也没有差别。</translation>
    </message>
    <message>
        <source>All weights of a layer are the same: units stay alike.</source>
        <translation>某一层的权重全都相同：各单元始终一样。</translation>
    </message>
    <message>
        <source>The learning rate is 1: left out, or taken twice, it is the same.</source>
        <translation>学习率是 1：漏掉或乘两次都一样。</translation>
    </message>
    <message>
        <source>With these numbers some mistakes make no difference.</source>
        <translation>在这些数下，有些错误没有差别。</translation>
    </message>
</context>
<context>
    <name>naming</name>
    <message>
        <source>Output</source>
        <translation>输出层</translation>
    </message>
    <message>
        <source>unit {unit}</source>
        <translation>单元 {unit}</translation>
    </message>
    <message>
        <source>input {name}</source>
        <translation>输入 {name}</translation>
    </message>
    <message>
        <source>output {name}</source>
        <translation>输出 {name}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Weight from {source} to {unit}</source>
        <translation>从{source} 到{unit} 的权重</translation>
    </message>
    <message>
        <source>Bias of {unit}</source>
        <translation>{unit} 的偏置</translation>
    </message>
    <message>
        <source>(no name)</source>
        <translation>（无名）</translation>
    </message>
    <message>
        <source>{names}, {name}</source>
        <translation>{names}、{name}</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入层</translation>
    </message>
    <message>
        <source>Hidden {number}</source>
        <translation>隐藏层 {number}</translation>
    </message>
    <message>
        <source>{layer} · unit {unit}</source>
        <translation>{layer} · 单元 {unit}</translation>
    </message>
</context>
<context>
    <name>navigation</name>
    <message>
        <source>Next unit, bias or incoming weight</source>
        <translation>下一个单元、偏置或传入权重</translation>
    </message>
    <message>
        <source>The layer beside, or the ends of a weight</source>
        <translation>相邻的层，或权重的两端</translation>
    </message>
    <message>
        <source>Through the weights into a unit</source>
        <translation>在单元的传入权重间移动</translation>
    </message>
    <message>
        <source>The bias of a unit, and back</source>
        <translation>单元的偏置，再按返回</translation>
    </message>
    <message>
        <source>The layer</source>
        <translation>所在的层</translation>
    </message>
    <message>
        <source>Keep the selection for comparing</source>
        <translation>保留所选以供比较</translation>
    </message>
    <message>
        <source>Edit the weight or bias</source>
        <translation>编辑权重或偏置</translation>
    </message>
    <message>
        <source>Freeze it, or let it go</source>
        <translation>冻结，或解除冻结</translation>
    </message>
    <message>
        <source>Select nothing</source>
        <translation>取消选择</translation>
    </message>
</context>
<context>
    <name>pages</name>
    <message>
        <source>Network graph</source>
        <translation>网络图</translation>
    </message>
    <message>
        <source>The units, weights and biases of one step, to point at and to edit.</source>
        <translation>某一步的单元、权重和偏置，可以指着看，也可以修改。</translation>
    </message>
    <message>
        <source>Setup</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>The data, the network, and how it is trained.</source>
        <translation>数据、网络，以及怎样训练它。</translation>
    </message>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>Why the gradient of what is selected is what it is, factor by factor.</source>
        <translation>所选部分的梯度为什么是这个值，逐个因子写出。</translation>
    </message>
    <message>
        <source>Pause when…</source>
        <translation>暂停条件…</translation>
    </message>
    <message>
        <source>Conditions at which the training pauses by itself.</source>
        <translation>训练自行暂停的条件。</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>The loss of every step, and the loss and the metric of each epoch.</source>
        <translation>每一步的损失，以及每个轮次的损失和指标。</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>How large the gradient of each layer has been at every step.</source>
        <translation>每一步中各层梯度的大小。</translation>
    </message>
    <message>
        <source>Diagnosis</source>
        <translation>诊断</translation>
    </message>
    <message>
        <source>Why the network does not learn, with the evidence, and cures to try.</source>
        <translation>网络为什么学不会：附证据和可试的对策。</translation>
    </message>
    <message>
        <source>Surface</source>
        <translation>决策面</translation>
    </message>
    <message>
        <source>What the network and each of its units make of two of the inputs.</source>
        <translation>网络及其每个单元对其中两个输入的反应。</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>The rows of the data, and what the network predicts for each.</source>
        <translation>数据的各行，以及网络对每一行的预测。</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>权重图</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>All weights and biases in a table, with their gradients and updates.</source>
        <translation>所有权重和偏置的表格，连同它们的梯度和更新量。</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检验</translation>
    </message>
    <message>
        <source>All gradients of a step, compared with finite differences.</source>
        <translation>某一步的全部梯度，与有限差分相比较。</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行记录</translation>
    </message>
    <message>
        <source>The runs there have been, to compare and to go back to.</source>
        <translation>有过的各次运行，可以比较，也可以回到其中。</translation>
    </message>
    <message>
        <source>Lesson</source>
        <translation>课程</translation>
    </message>
    <message>
        <source>Expression lab</source>
        <translation>表达式实验室</translation>
    </message>
    <message>
        <source>A formula that you type, and the chain rule at work in it.</source>
        <translation>自己输入的公式，以及其中如何运用链式法则。</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>标签页</translation>
    </message>
    <message>
        <source>Instruments</source>
        <translation>仪表</translation>
    </message>
    <message>
        <source>Noise, sharpness, gradients over depth, histograms, rates, confusion.</source>
        <translation>噪声、锐度、各层梯度、直方图、学习率和混淆矩阵。</translation>
    </message>
    <message>
        <source>Check my numbers</source>
        <translation>检查我的数字</translation>
    </message>
    <message>
        <source>Your own back-propagation: what is first wrong, and which mistake.</source>
        <translation>自己写的反向传播：最先错在哪里，是哪种错误。</translation>
    </message>
    <message>
        <source>Bug clinic</source>
        <translation>错误诊所</translation>
    </message>
    <message>
        <source>A pass with a mistake planted in it, to be found by its numbers.</source>
        <translation>植入了一个错误的计算，请根据数字把它找出来。</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>New or test rows: what the network predicts, and how well.</source>
        <translation>新数据行或测试行：网络的预测结果及其好坏。</translation>
    </message>
    <message>
        <source>{tab}: double click for the whole screen, Esc back</source>
        <translation>{tab}：双击全屏显示，Esc 返回</translation>
    </message>
    <message>
        <source>A course that runs on the real thing: predict, look, explain.</source>
        <translation>在真实网络上进行的课程：预测、观察、解释。</translation>
    </message>
    <message>
        <source>What the units of the first layer look for, where the data are pictures.</source>
        <translation>数据是图像时，首层的单元在寻找什么。</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>Upstream gradient</source>
        <translation>上游梯度</translation>
    </message>
    <message>
        <source>Local slope</source>
        <translation>局部斜率</translation>
    </message>
    <message>
        <source>Through the softmax</source>
        <translation>经过 softmax</translation>
    </message>
    <message>
        <source>What comes in</source>
        <translation>传入值</translation>
    </message>
    <message>
        <source>The sample&apos;s share</source>
        <translation>该样本的贡献</translation>
    </message>
    <message>
        <source>Sum over the batch</source>
        <translation>整批求和</translation>
    </message>
    <message>
        <source>Whole step</source>
        <translation>完整一步</translation>
    </message>
    <message>
        <source>Inputs</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前向传播</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Backward</source>
        <translation>反向传播</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>sample {number} of {batch}</source>
        <translation>样本 {number}/{batch}</translation>
    </message>
    <message>
        <source>{unit} · sample {number}</source>
        <translation>{unit} · 样本 {number}</translation>
    </message>
    <message>
        <source>sample {number} · row {row}</source>
        <translation>样本 {number} · 第 {row} 行</translation>
    </message>
    <message>
        <source>… ({count} more: {sum})</source>
        <translation>…（其余 {count} 项：{sum}）</translation>
    </message>
    <message>
        <source>missing, filled with the training rows&apos; value</source>
        <translation>缺失，以训练行的值填补</translation>
    </message>
    <message>
        <source>{symbol} · step {step}</source>
        <translation>{symbol} · 第 {step} 步</translation>
    </message>
    <message>
        <source>held, not updated</source>
        <translation>已冻结，不更新</translation>
    </message>
    <message>
        <source>Forward {number}</source>
        <translation>前向 {number}</translation>
    </message>
    <message>
        <source>Backward {number}</source>
        <translation>反向 {number}</translation>
    </message>
</context>
<context>
    <name>presets</name>
    <message>
        <source>Composite function: y = f(u), u = g(x)</source>
        <translation>复合函数：y = f(u)，u = g(x)</translation>
    </message>
    <message>
        <source>Sigmoid neuron (CS231n)</source>
        <translation>sigmoid 神经元（CS231n）</translation>
    </message>
    <message>
        <source>Softmax and cross-entropy of three classes</source>
        <translation>三个类别的 softmax 与交叉熵</translation>
    </message>
    <message>
        <source>Network 2-2-1, sigmoid, squared error</source>
        <translation>2-2-1 网络，sigmoid，平方误差</translation>
    </message>
    <message>
        <source>Mazur&apos;s worked example (2-2-2)</source>
        <translation>Mazur 的演算示例（2-2-2）</translation>
    </message>
    <message>
        <source>Matt Mazur&apos;s step-by-step example of 2015: one row, two sigmoid layers, all numbers given; its biases are held.</source>
        <translation>Matt Mazur 2015 年的逐步示例：一行数据，两个 sigmoid 层，所有数都已给定；偏置保持不变。</translation>
    </message>
    <message>
        <source>The article&apos;s 4-3-2 network</source>
        <translation>文章的 4-3-2 网络</translation>
    </message>
    <message>
        <source>XOR (2-2-1)</source>
        <translation>异或（2-2-1）</translation>
    </message>
    <message>
        <source>The smallest problem that no single unit solves: two hidden units bend the border. Other seeds can end in a plateau.</source>
        <translation>单个单元无法解决的最小问题：两个隐藏单元使边界弯曲。其他种子可能停在平坦区。</translation>
    </message>
    <message>
        <source>A saturated neuron, squared error</source>
        <translation>饱和的神经元，平方误差</translation>
    </message>
    <message>
        <source>Nielsen&apos;s neuron: input 1, target 0, but it begins near 1, where the sigmoid is flat. With the squared error it learns slowly at first: f&apos;(z) is a factor of its gradient.</source>
        <translation>Nielsen 的神经元：输入 1，目标 0，但起点接近 1，那里 sigmoid 很平。用平方误差时开始学得很慢：f&apos;(z) 是其梯度的一个因子。</translation>
    </message>
    <message>
        <source>A saturated neuron, cross-entropy</source>
        <translation>饱和的神经元，交叉熵</translation>
    </message>
    <message>
        <source>The same neuron with the cross-entropy: the flat slope cancels against the loss&apos;s own derivative, so that the gradient is a − t.</source>
        <translation>同一个神经元用交叉熵：平坦的斜率与损失自身的导数相消，梯度为 a − t。</translation>
    </message>
    <message>
        <source>Circles (2-4-2-1)</source>
        <translation>同心圆（2-4-2-1）</translation>
    </message>
    <message>
        <source>A circle within a circle: four hidden units are enough to close a border around it.</source>
        <translation>圆中之圆：四个隐藏单元足以围出一条闭合的边界。</translation>
    </message>
    <message>
        <source>Spiral (2-4-2-1)</source>
        <translation>螺旋（2-4-2-1）</translation>
    </message>
    <message>
        <source>Two interleaved arms, too much for so few units: see where it stalls, then add units.</source>
        <translation>两条交错的旋臂，单元太少难以分开：看它停在何处，然后增加单元。</translation>
    </message>
    <message>
        <source>One dense layer</source>
        <translation>一个全连接层</translation>
    </message>
    <message>
        <source>Two layers</source>
        <translation>两层网络</translation>
    </message>
    <message>
        <source>Softmax with cross-entropy over a batch</source>
        <translation>小批量上的 softmax 与交叉熵</translation>
    </message>
    <message>
        <source>Batch normalisation</source>
        <translation>批量归一化</translation>
    </message>
    <message>
        <source>Attention, two by two</source>
        <translation>注意力（2×2）</translation>
    </message>
    <message>
        <source>Five rows, two sigmoid layers, parameters from 0 to 1. Lesson 8 compares one call of the article&apos;s listing with gradient descent.</source>
        <translation>五行数据，两个 sigmoid 层，参数在 0 到 1 之间。第 8 课把文章代码的一次调用与梯度下降作比较。</translation>
    </message>
</context>
<context>
    <name>rules</name>
    <message>
        <source>The variable itself</source>
        <translation>变量自身</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>引用一行</translation>
    </message>
    <message>
        <source>The name stands for its line, whose derivative is worked out there.</source>
        <translation>该名称代表它那一行，其导数在那里求出。</translation>
    </message>
    <message>
        <source>Sum rule</source>
        <translation>和法则</translation>
    </message>
    <message>
        <source>The derivative of a sum is the sum of the derivatives.</source>
        <translation>和的导数等于导数之和。</translation>
    </message>
    <message>
        <source>Difference rule</source>
        <translation>差法则</translation>
    </message>
    <message>
        <source>The derivative of a difference is the difference of the derivatives.</source>
        <translation>差的导数等于导数之差。</translation>
    </message>
    <message>
        <source>Constant factor</source>
        <translation>常数因子</translation>
    </message>
    <message>
        <source>A factor that does not depend on the variable stays as it is.</source>
        <translation>不依赖于变量的因子保持不变。</translation>
    </message>
    <message>
        <source>Product rule</source>
        <translation>乘积法则</translation>
    </message>
    <message>
        <source>Each factor is derived once while the other stays: (f·g)′ = f′·g + f·g′.</source>
        <translation>每个因子各求导一次，另一个不变：(f·g)′ = f′·g + f·g′。</translation>
    </message>
    <message>
        <source>Quotient rule</source>
        <translation>商法则</translation>
    </message>
    <message>
        <source>The derivative of f/g is (f′·g − f·g′)/g².</source>
        <translation>f/g 的导数为 (f′·g − f·g′)/g²。</translation>
    </message>
    <message>
        <source>Reciprocal rule</source>
        <translation>倒数法则</translation>
    </message>
    <message>
        <source>The derivative of c/g is −c·g′/g².</source>
        <translation>c/g 的导数为 −c·g′/g²。</translation>
    </message>
    <message>
        <source>Power rule</source>
        <translation>幂法则</translation>
    </message>
    <message>
        <source>The exponent comes down and is one less: (xⁿ)′ = n·xⁿ⁻¹.</source>
        <translation>指数移到前面，幂次减一：(xⁿ)′ = n·xⁿ⁻¹。</translation>
    </message>
    <message>
        <source>Power rule with the chain rule</source>
        <translation>幂法则与链式法则</translation>
    </message>
    <message>
        <source>The outer derivative n·uⁿ⁻¹ times the inner derivative u′.</source>
        <translation>外层导数 n·uⁿ⁻¹ 乘以内层导数 u′。</translation>
    </message>
    <message>
        <source>Exponential rule</source>
        <translation>指数法则</translation>
    </message>
    <message>
        <source>The derivative of cᵘ is cᵘ·ln c·u′; for e the logarithm is 1.</source>
        <translation>cᵘ 的导数为 cᵘ·ln c·u′；底为 e 时对数为 1。</translation>
    </message>
    <message>
        <source>Logarithmic differentiation</source>
        <translation>对数求导法</translation>
    </message>
    <message>
        <source>Base and exponent both vary: (fᵍ)′ = fᵍ·(g′·ln f + g·f′/f).</source>
        <translation>底数与指数都在变：(fᵍ)′ = fᵍ·(g′·ln f + g·f′/f)。</translation>
    </message>
    <message>
        <source>Derivative of a function</source>
        <translation>函数的导数</translation>
    </message>
    <message>
        <source>The derivative of this function is known.</source>
        <translation>这个函数的导数是已知的。</translation>
    </message>
    <message>
        <source>Chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>The outer derivative, at the inner function, times the inner derivative.</source>
        <translation>外层函数在内层处的导数，乘以内层的导数。</translation>
    </message>
    <message>
        <source>Chain rule with several inner functions</source>
        <translation>多个内层函数的链式法则</translation>
    </message>
    <message>
        <source>Over each operand, its partial derivative times its own derivative.</source>
        <translation>对每个运算对象，偏导数乘以其自身的导数，再求和。</translation>
    </message>
    <message>
        <source>Piece by piece</source>
        <translation>分段求导</translation>
    </message>
    <message>
        <source>Each piece is derived by itself; the condition chooses as before.</source>
        <translation>每一段各自求导；条件照旧决定取哪一段。</translation>
    </message>
    <message>
        <source>Without zeros and ones</source>
        <translation>去掉 0 和 1</translation>
    </message>
    <message>
        <source>Signs</source>
        <translation>整理正负号</translation>
    </message>
    <message>
        <source>Numbers together</source>
        <translation>合并数字</translation>
    </message>
    <message>
        <source>Equal factors together</source>
        <translation>合并相同因子</translation>
    </message>
    <message>
        <source>In the usual order</source>
        <translation>按惯常顺序排列</translation>
    </message>
    <message>
        <source>The beginning</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>和</translation>
    </message>
    <message>
        <source>A summand takes the upstream gradient as it is.</source>
        <translation>加数原样接收上游梯度。</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>What is subtracted from takes the upstream gradient, what is subtracted minus it.</source>
        <translation>被减数接收上游梯度，减数接收其相反数。</translation>
    </message>
    <message>
        <source>Minus</source>
        <translation>负号</translation>
    </message>
    <message>
        <source>The upstream gradient changes its sign.</source>
        <translation>上游梯度变号。</translation>
    </message>
    <message>
        <source>Product, entry by entry</source>
        <translation>逐元素乘积</translation>
    </message>
    <message>
        <source>Each factor takes the upstream gradient times the other factor.</source>
        <translation>每个因子接收上游梯度与另一因子的乘积。</translation>
    </message>
    <message>
        <source>Quotient, entry by entry</source>
        <translation>逐元素商</translation>
    </message>
    <message>
        <source>Above: the upstream gradient over the divisor; below: minus it times A over B squared.</source>
        <translation>分子：上游梯度除以除数；分母：上游梯度的相反数乘以 A 除以 B 的平方。</translation>
    </message>
    <message>
        <source>Power, entry by entry</source>
        <translation>逐元素幂</translation>
    </message>
    <message>
        <source>The exponent comes down and is one less, in each entry.</source>
        <translation>在每个元素中，指数移到前面，幂次减一。</translation>
    </message>
    <message>
        <source>Matrix product</source>
        <translation>矩阵乘积</translation>
    </message>
    <message>
        <source>From the left: the upstream gradient times the right factor transposed; from the right: the left factor transposed times the upstream gradient.</source>
        <translation>对左因子：上游梯度乘以右因子的转置；对右因子：左因子的转置乘以上游梯度。</translation>
    </message>
    <message>
        <source>Transpose</source>
        <translation>转置</translation>
    </message>
    <message>
        <source>The gradient is transposed, too.</source>
        <translation>梯度也随之转置。</translation>
    </message>
    <message>
        <source>Function, entry by entry</source>
        <translation>逐元素函数</translation>
    </message>
    <message>
        <source>The upstream gradient times the local derivative, entry by entry.</source>
        <translation>上游梯度逐元素乘以局部导数。</translation>
    </message>
    <message>
        <source>Sum of entries</source>
        <translation>元素之和</translation>
    </message>
    <message>
        <source>Every entry that was summed takes the same upstream gradient.</source>
        <translation>参与求和的每个元素接收同样的上游梯度。</translation>
    </message>
    <message>
        <source>Mean of entries</source>
        <translation>元素的均值</translation>
    </message>
    <message>
        <source>Every entry takes the upstream gradient over the number of entries in the mean.</source>
        <translation>每个元素接收上游梯度除以求均值的元素个数。</translation>
    </message>
    <message>
        <source>Softmax</source>
        <translation>softmax 函数</translation>
    </message>
    <message>
        <source>Logarithm of the softmax</source>
        <translation>softmax 的对数</translation>
    </message>
    <message>
        <source>The upstream gradient less the shares times its sum: for targets that sum to 1, P − T.</source>
        <translation>上游梯度减去份额与其总和之积：当目标之和为 1 时即 P − T。</translation>
    </message>
    <message>
        <source>It was used for several rows or columns: what arrives from them is summed.</source>
        <translation>它被用于多行或多列：各处传来的梯度相加。</translation>
    </message>
    <message>
        <source>Each share times what its upstream gradient is above the mean of all, weighted by the shares.</source>
        <translation>每个份额乘以：其上游梯度减去以份额加权的平均上游梯度。</translation>
    </message>
    <message>
        <source>It changes as much as it changes: its gradient by itself is 1.</source>
        <translation>它变化多少，它自身就变化多少：对自身的梯度为 1。</translation>
    </message>
    <message>
        <source>Against itself, a variable changes one for one: dx/dx = 1.</source>
        <translation>变量对自身的变化率恒为 1：dx/dx = 1。</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Layers</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>单元数</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>激活函数</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>随机失活</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Learning rate η</source>
        <translation>学习率 η</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>学习率调度</translation>
    </message>
    <message>
        <source>Penalty</source>
        <translation>正则化</translation>
    </message>
    <message>
        <source>Clipping</source>
        <translation>梯度裁剪</translation>
    </message>
    <message>
        <source>Initializer</source>
        <translation>初始化</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>批量大小</translation>
    </message>
    <message>
        <source>Loss over batch</source>
        <translation>批内损失</translation>
    </message>
    <message>
        <source>Bias gradients</source>
        <translation>偏置梯度</translation>
    </message>
    <message>
        <source>Update order</source>
        <translation>更新顺序</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Held out</source>
        <translation>留出方式</translation>
    </message>
    <message>
        <source>Missing cells</source>
        <translation>缺失值</translation>
    </message>
    <message>
        <source>Scale features</source>
        <translation>特征缩放</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>精度</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>第 {number} 层</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Scale target</source>
        <translation>目标缩放</translation>
    </message>
    <message>
        <source>Weights and biases</source>
        <translation>权重和偏置</translation>
    </message>
</context>
<context>
    <name>spoken</name>
    <message>
        <source>gradient of the loss by</source>
        <translation>损失的梯度，对</translation>
    </message>
    <message>
        <source>becomes</source>
        <translation>变为</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>element by element times</source>
        <translation>逐元素乘以</translation>
    </message>
    <message>
        <source>times</source>
        <translation>乘以</translation>
    </message>
    <message>
        <source>sum of</source>
        <translation>求和</translation>
    </message>
    <message>
        <source>square root of</source>
        <translation>平方根</translation>
    </message>
    <message>
        <source>prime</source>
        <translation>一撇</translation>
    </message>
    <message>
        <source>equals</source>
        <translation>等于</translation>
    </message>
    <message>
        <source>squared</source>
        <translation>的平方</translation>
    </message>
    <message>
        <source>transposed</source>
        <translation>转置</translation>
    </message>
    <message>
        <source>to the power</source>
        <translation>的幂，指数</translation>
    </message>
    <message>
        <source>{0} if {1}, otherwise {2}</source>
        <translation>{0}（若 {1}），否则 {2}</translation>
    </message>
    <message>
        <source>vector of ones</source>
        <translation>全 1 向量</translation>
    </message>
    <message>
        <source>derivative of {0} by {1}</source>
        <translation>{0} 对 {1} 的导数</translation>
    </message>
    <message>
        <source>derivative by {0} of</source>
        <translation>对 {0} 求导</translation>
    </message>
    <message>
        <source>fraction {0} over {1}, end of fraction,</source>
        <translation>分式，分子 {0}，分母 {1}，分式结束，</translation>
    </message>
    <message>
        <source>{0} over {1}</source>
        <translation>{0} 除以 {1}</translation>
    </message>
    <message>
        <source>derivative of {0} by</source>
        <translation>{0} 的导数，对</translation>
    </message>
    <message>
        <source>{0} of layer {1}</source>
        <translation>第 {1} 层的 {0}</translation>
    </message>
    <message>
        <source>{0} unit {1}</source>
        <translation>{0} 单元 {1}</translation>
    </message>
</context>
<context>
    <name>tour</name>
    <message>
        <source>The network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Every circle is a unit: above stands what it passes on, a, below how the loss answers to it, δ. What is not known yet is a question mark. Point at a circle or a line to read its numbers.</source>
        <translation>每个圆是一个单元：上半是它输出的激活值 a，下半是损失对它的梯度 δ。尚未得出的数显示为问号。把指针移到圆或连线上即可查看其数值。</translation>
    </message>
    <message>
        <source>Step by step</source>
        <translation>逐步进行</translation>
    </message>
    <message>
        <source>Press Step (→), and the next phase of the mini-batch appears. Step back (←) hides it again.</source>
        <translation>按“单步”（→），小批量的下一阶段就会出现；“后退”（←）再把它隐藏。</translation>
    </message>
    <message>
        <source>The phases</source>
        <translation>各个阶段</translation>
    </message>
    <message>
        <source>Data, forward, loss, backward, update: the dark box is where you are, and below it stands the formula with the real numbers. Click a box to go there.</source>
        <translation>数据、前向、损失、反向、更新：深色的方框是当前阶段，其下是代入真实数值的公式。单击方框即可前往。</translation>
    </message>
    <message>
        <source>Choose a weight</source>
        <translation>选择一个权重</translation>
    </message>
    <message>
        <source>Click one of the lines. A violet border shows what is selected, here and everywhere else.</source>
        <translation>单击一条连线。紫色边框表示选中的部分，此处和其他各处都一样。</translation>
    </message>
    <message>
        <source>The chain rule</source>
        <translation>链式法则</translation>
    </message>
    <message>
        <source>This is why its gradient is what it is: three factors multiply to one sample&apos;s share, and the shares add up. Choose another sample with [ and ].</source>
        <translation>它的梯度为何是这个数：三个因子相乘得到一个样本的份额，各份额相加即为梯度。用 [ 和 ] 换样本。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Press Run (Space), and once more to pause. The slider beside it sets the speed.</source>
        <translation>按“运行”（空格键）开始，再按一次暂停。旁边的滑块设定速度。</translation>
    </message>
    <message>
        <source>The loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>The loss of every step; the tabs show what else there is to see: the data, the surface, all parameters. Double-click a tab to enlarge it.</source>
        <translation>每一步的损失；其他标签页还有数据、决策面和全部参数。双击标签可将其放大。</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>回到过去</translation>
    </message>
    <message>
        <source>Drag the knob: any earlier step comes back, bit for bit. A change made there begins a new run.</source>
        <translation>拖动滑块：任何更早的一步都会逐位还原。在那里做更改会开始一次新的运行。</translation>
    </message>
    <message>
        <source>Make it yours</source>
        <translation>换成自己的</translation>
    </message>
    <message>
        <source>Open or paint data, add layers, change the learning rate, even while it runs. Every name has a tooltip with its meaning. Undo (Ctrl+Z) takes anything back.</source>
        <translation>打开或绘制数据、添加层、更改学习率，运行时也可以。每个名称都有说明其含义的提示。“撤销”（Ctrl+Z）可收回任何更改。</translation>
    </message>
    <message>
        <source>What matters now</source>
        <translation>当前要点</translation>
    </message>
    <message>
        <source>If the network does not learn, this sentence says why, and “Why?” shows the evidence and a cure. F1 lists all keys, and File ▸ Examples has more networks.</source>
        <translation>如果网络学不会，这句话会说明原因，“为什么？”给出证据和对策。F1 列出全部按键，“文件 ▸ 示例”中有更多网络。</translation>
    </message>
    <message>
        <source>{number} of {count}</source>
        <translation>第 {number} 站，共 {count} 站</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>结束导览</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
</context>
<context>
    <name>typed_number</name>
    <message>
        <source>Type a number, for example 0.25 or 1/3.</source>
        <translation>请输入一个数，例如 0.25 或 1/3。</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not finite. Type a finite number.</source>
        <translation>“{text}”不是有限数。请输入有限数。</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is not a number. Type one, for example 0.25 or 1/3.</source>
        <translation>“{text}”不是数。请输入一个数，例如 0.25 或 1/3。</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; divides by zero.</source>
        <translation>“{text}”除以零。</translation>
    </message>
    <message>
        <source>&apos;{text}&apos; is too large: type a number below 1.8·10³⁰⁸.</source>
        <translation>“{text}”太大：请输入小于 1.8·10³⁰⁸ 的数。</translation>
    </message>
</context>
<context>
    <name>words</name>
    <message>
        <source>full</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>求和</translation>
    </message>
    <message>
        <source>as weights</source>
        <translation>与权重相同</translation>
    </message>
    <message>
        <source>all together</source>
        <translation>同时更新</translation>
    </message>
    <message>
        <source>output first</source>
        <translation>先输出层</translation>
    </message>
    <message>
        <source>stratified</source>
        <translation>分层抽样</translation>
    </message>
    <message>
        <source>random rows</source>
        <translation>随机行</translation>
    </message>
    <message>
        <source>last rows</source>
        <translation>末尾的行</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>most frequent</source>
        <translation>众数</translation>
    </message>
    <message>
        <source>drop row</source>
        <translation>删除该行</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>z-score</source>
        <translation>z-score 标准化</translation>
    </message>
    <message>
        <source>min–max</source>
        <translation>最小–最大</translation>
    </message>
    <message>
        <source>regression</source>
        <translation>回归</translation>
    </message>
    <message>
        <source>binary</source>
        <translation>二分类</translation>
    </message>
    <message>
        <source>multiclass</source>
        <translation>多分类</translation>
    </message>
    <message>
        <source>several labels</source>
        <translation>多标签</translation>
    </message>
    <message>
        <source>Iris</source>
        <translation>鸢尾花</translation>
    </message>
    <message>
        <source>Wine</source>
        <translation>葡萄酒</translation>
    </message>
    <message>
        <source>handwritten digits</source>
        <translation>手写数字</translation>
    </message>
    <message>
        <source>article&apos;s 4-3-2</source>
        <translation>文章中的 4-3-2</translation>
    </message>
</context>
<context>
    <name>working</name>
    <message>
        <source>The derivative by {name}, worked out</source>
        <translation>对 {name} 的导数，逐步推导</translation>
    </message>
    <message>
        <source>The function, at this point:</source>
        <translation>函数及该点处的值：</translation>
    </message>
    <message>
        <source>With all lines put in</source>
        <translation>代入各行之后</translation>
    </message>
    <message>
        <source>{name} derived by {variable}</source>
        <translation>{name} 对 {variable} 求导</translation>
    </message>
    <message>
        <source>{step}:</source>
        <translation>{step}：</translation>
    </message>
    <message>
        <source>**{rule}**: {reason}</source>
        <translation>**{rule}**：{reason}</translation>
    </message>
    <message>
        <source>Second derivatives</source>
        <translation>二阶导数</translation>
    </message>
    <message>
        <source>Gradients in matrix form, worked out</source>
        <translation>矩阵形式的梯度，逐步推导</translation>
    </message>
    <message>
        <source>A 1 with an arrow is a vector of ones, of the length that fits.</source>
        <translation>带箭头的 1 是长度相配的全 1 向量。</translation>
    </message>
    <message>
        <source>Backward, rule by rule</source>
        <translation>反向，逐条法则</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
</context>
</TS>
